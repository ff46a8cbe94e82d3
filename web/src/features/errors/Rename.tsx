import type { ReactNode } from 'react';
import { renameGroup } from '@/api/errors';
import { Dialog } from '@/components/Dialog';
import { TextField } from '@/components/form/fields';
import { useRegrouped } from './regrouped';

/** Names a group, or gives it its newest message's name again. */
export function Rename(props: {
  projectId: string;
  id: string;
  title: string;
  named: boolean;
  open: boolean;
  onClose: () => void;
}): ReactNode {
  const regrouped = useRegrouped(props.projectId);
  return (
    <Dialog
      wide
      title="Rename the group"
      lead="A named group keeps its name and what belongs to it when rules change."
      action="Save"
      open={props.open}
      onClose={props.onClose}
      onSubmit={async (values) => {
        await renameGroup(props.projectId, props.id, values.optional('title') ?? null);
        props.onClose();
        await regrouped();
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
        hint="Empty: the newest message gives the name."
      />
    </Dialog>
  );
}
