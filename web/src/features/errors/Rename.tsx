import type { ReactNode } from 'react';
import { renameGroup } from '@/api/errors';
import { Dialog } from '@/components/Dialog';
import { TextField } from '@/components/form/fields';
import { useRefreshErrors } from './refreshErrors';

/** Renames a group, or names it after its newest message again. */
export function Rename(props: {
  projectId: string;
  id: string;
  title: string;
  named: boolean;
  open: boolean;
  onClose: () => void;
}): ReactNode {
  const refreshErrors = useRefreshErrors(props.projectId);
  return (
    <Dialog
      wide
      title="Rename group"
      lead="A group with a custom name keeps its name and its members when rules change."
      action="Save"
      open={props.open}
      onClose={props.onClose}
      onSubmit={async (values) => {
        await renameGroup(props.projectId, props.id, values.optional('title') ?? null);
        props.onClose();
        await refreshErrors();
      }}
    >
      <TextField
        name="title"
        label="Name"
        autoComplete="off"
        required={false}
        maxLength={200}
        defaultValue={props.named ? props.title : ''}
        placeholder={props.title}
        hint="Leave empty to use the newest message."
      />
    </Dialog>
  );
}
