import { useState, type ReactNode } from 'react';
import { Button } from '@/components/Button';
import { Icon } from '@/components/Icon';
import { OptionList } from '@/components/OptionList';
import { Pop } from '@/components/Pop';
import { executions as words } from '@/words';
import { COLUMN_IDS, switched, USUAL, type ColumnId } from './columns';

/** Chooses which columns the table shows. */
export function ColumnPicker(props: {
  chosen: ColumnId[] | undefined;
  onChange: (columns: ColumnId[] | undefined) => void;
}): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <Pop
      kind="quiet"
      label={words.list.columns}
      testId="columns"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <>
          <Icon name="table" size={14} /> {words.list.columns}
        </>
      }
    >
      <OptionList
        multi
        label={words.list.columns}
        selected={[...(props.chosen ?? USUAL)]}
        options={COLUMN_IDS.map((id) => ({
          value: id,
          label: words.columns[id] ?? id,
          // It links to the execution.
          disabled: id === 'workflow',
        }))}
        onPick={(id) => props.onChange(switched(props.chosen, id as ColumnId))}
      />
      {props.chosen && (
        <div className="border-t p-1.5">
          <Button kind="quiet" onClick={() => props.onChange(undefined)}>
            {words.list.usualColumns}
          </Button>
        </div>
      )}
    </Pop>
  );
}
