import type { ReactNode } from 'react';
import { renameGroup } from '@/api/errors';
import { Dialog } from '@/components/Dialog';
import { TextField } from '@/components/form/fields';
import { useRefreshErrors } from './refreshErrors';
import { errors } from '@/words';

const words = errors.rename;

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
      title={words.renameGroup}
      lead={words.groupCustomNameKeeps}
      action={words.save}
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
        label={words.name}
        autoComplete="off"
        required={false}
        maxLength={200}
        defaultValue={props.named ? props.title : ''}
        placeholder={props.title}
        hint={words.leaveEmptyUseNewest}
      />
    </Dialog>
  );
}
