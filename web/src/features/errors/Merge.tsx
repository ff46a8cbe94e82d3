import type { ReactNode } from 'react';
import { mergeGroups, type ErrorGroupRow } from '@/api/errors';
import { Dialog } from '@/components/Dialog';
import { SelectField } from '@/components/form/fields';
import { useRegrouped } from './regrouped';

/** Makes one group of several. */
export function Merge(props: {
  projectId: string;
  groups: ErrorGroupRow[];
  open: boolean;
  onClose: () => void;
  onDone: () => void;
}): ReactNode {
  const { projectId, groups } = props;
  const regrouped = useRegrouped(projectId);
  return (
    <Dialog
      wide
      title={`Merge ${groups.length} groups`}
      lead="Errors like those of the merged groups belong to the one that stays from now on, also when rules change. Stored errors follow."
      action="Merge"
      open={props.open}
      onClose={props.onClose}
      onSubmit={async (values) => {
        const into = values.text('into');
        const others = groups.flatMap((row) => row.errorGroup ?? []).filter((id) => id !== into);
        await mergeGroups(projectId, into, others);
        props.onDone();
        await regrouped();
      }}
    >
      <SelectField
        name="into"
        label="The one that stays"
        options={groups.map((row) => ({ value: row.errorGroup ?? '', label: row.title }))}
      />
    </Dialog>
  );
}
