import type { ReactNode } from 'react';
import { mergeGroups, type ErrorGroupRow } from '@/api/errors';
import { Dialog } from '@/components/Dialog';
import { SelectField } from '@/components/form/fields';
import { useRefreshErrors } from './refreshErrors';
import { errors } from '@/words';

const words = errors.merge;

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
      title={words.mergeGroups(groups.length)}
      lead={words.futureStoredErrorsMove}
      action={words.merge}
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
        label={words.groupKeep}
        options={groups.map((row) => ({ value: row.errorGroup ?? '', label: row.title }))}
      />
    </Dialog>
  );
}
