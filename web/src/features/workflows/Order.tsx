import type { ReactNode } from 'react';
import type { Sort } from '@/components/DataTable';
import { workflows as words } from '@/words';

/** The orders that make sense where there are no column headers, worst or largest first. */
const ORDERS: Sort[] = [
  { by: 'change', direction: 'desc' },
  { by: 'state', direction: 'asc' },
  { by: 'name', direction: 'asc' },
  { by: 'executions', direction: 'desc' },
  { by: 'success', direction: 'asc' },
  { by: 'p95', direction: 'desc' },
  { by: 'cost', direction: 'desc' },
];

/** The order of the list, chosen without column headers. */
export function Order({ sort, onSort }: { sort: Sort; onSort: (sort: Sort) => void }): ReactNode {
  return (
    <label className="flex items-center gap-2 px-4 pb-2 text-xs text-ink-3">
      {words.order}
      <select
        value={sort.by}
        onChange={(event) => {
          const next = ORDERS.find(({ by }) => by === event.target.value);
          if (next) onSort(next);
        }}
        className="h-8 rounded-md border bg-surface px-2 text-sm text-ink pointer-coarse:h-10"
      >
        {ORDERS.map(({ by }) => (
          <option key={by} value={by}>
            {words.columns[by as keyof typeof words.columns]}
          </option>
        ))}
      </select>
    </label>
  );
}
