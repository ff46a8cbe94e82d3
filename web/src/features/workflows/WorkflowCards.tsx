import type { ReactNode } from 'react';
import { Sparkline } from '@/components/Sparkline';
import { figure } from '@/lib/format';
import { workflows as words } from '@/words';
import { ChangeCell } from './ChangeCell';
import { RowState } from './StateTag';
import { RowName, type RowsProps } from './WorkflowTable';

/** The workflows as cards, for phones. */
export function WorkflowCards({ rows, trends, open, onToggle }: RowsProps): ReactNode {
  return (
    <ul aria-label={words.title} className="flex flex-col pb-1">
      {rows.map((row) => (
        <li
          key={row.key}
          data-row={row.key}
          className={`relative flex flex-col gap-1 border-t px-4 py-2.5 ${row.inFamily ? 'bg-sunken/40' : ''}`}
        >
          <div className="flex items-center gap-3">
            <div className="min-w-0 flex-1 truncate font-medium">
              <RowName row={row} open={open.includes(row.id)} onToggle={onToggle} />
            </div>
            <RowState row={row} />
          </div>
          <div className="flex items-end gap-3 text-xs text-ink-2">
            <Figure label={words.columns.executions} value={figure(row.executions, 'count')} />
            <Figure label={words.columns.success} value={figure(row.success, 'percent')} />
            <Figure label={words.columns.cost} value={figure(row.cost, 'usd')} />
            <div className="ml-auto flex w-24 flex-col items-end">
              <ChangeCell of={row} />
              <Sparkline values={[]} {...trends?.of(row)} />
            </div>
          </div>
        </li>
      ))}
    </ul>
  );
}

function Figure({ label, value }: { label: string; value: string }): ReactNode {
  return (
    <div className="flex flex-col">
      <span className="text-2xs text-ink-3">{label}</span>
      <span className="text-ink">{value}</span>
    </div>
  );
}
