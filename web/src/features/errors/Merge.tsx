import type { ReactNode } from 'react';
import { mergeGroups, type ErrorGroupRow } from '@/api/errors';
import { Dialog } from '@/components/Dialog';
import { SelectField } from '@/components/form/fields';
import { useRefreshErrors } from './refreshErrors';

/** Merges several groups into one. */
export function Merge(props: {
  projectId: string;
  groups: ErrorGroupRow[];
  open: boolean;
  onClose: () => void;
  onDone: () => void;
}): ReactNode {
  const { projectId, groups } = props;
  const refreshErrors = useRefreshErrors(projectId);
  return (
    <Dialog
      wide
      title={`Merge ${groups.length} groups`}
      lead="Future and stored errors move to the group you keep, even if rules change later."
      action="Merge"
      open={props.open}
      onClose={props.onClose}
      onSubmit={async (values) => {
        const into = values.text('into');
        const others = groups.flatMap((row) => row.errorGroup ?? []).filter((id) => id !== into);
        await mergeGroups(projectId, into, others);
        props.onDone();
        await refreshErrors();
      }}
    >
      <SelectField
        name="into"
        label="Group to keep"
        options={groups.map((row) => ({ value: row.errorGroup ?? '', label: row.title }))}
      />
    </Dialog>
  );
}
