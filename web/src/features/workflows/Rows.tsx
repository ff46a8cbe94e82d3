import { useMemo, useRef, type ReactNode } from 'react';
import { Button } from '@/components/Button';
import { parseSort, type Sort } from '@/components/DataTable';
import { EmptyNote } from '@/components/states';
import { exact } from '@/lib/format';
import { toggled } from '@/lib/list';
import { useNarrow } from '@/lib/media';
import { useRowKeys } from '@/lib/rowKeys';
import { workflows as words } from '@/words';
import type { Family } from '../families';
import { usePageSearch, useSetSearch, type View } from '../view';
import { compareBy, flat, grouped, unfolded, type Entry } from './list';
import { Order } from './Order';
import { PAGE, useListSearch } from './search';
import { STATES } from './state';
import { StateFilter } from './StateFilter';
import { useTrends } from './trends';
import { WorkflowCards } from './WorkflowCards';
import { WorkflowTable } from './WorkflowTable';

const WORST = { by: 'change', direction: 'desc' } as const;
const rankOf = (state: Entry['state']): number => STATES.indexOf(state);

/** The workflows that match the search and are in the chosen state. */
function useMatching(entries: Entry[]): Entry[] {
  const { q } = usePageSearch();
  const [{ state }] = useListSearch();
  return useMemo(() => {
    const sought = (q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
    return entries.filter((entry) => {
      if (state && entry.state !== state) return false;
      const text = `${entry.name} ${entry.id}`.toLowerCase();
      return sought.every((word) => text.includes(word));
    });
  }, [entries, q, state]);
}

/** The workflows that match, as rows, those of a family as one. */
export function Rows(props: {
  view: View;
  entries: Entry[];
  familiesOf: (entries: Entry[]) => Family<Entry>[];
}): ReactNode {
  const { view, entries, familiesOf } = props;
  const { q, sort } = usePageSearch();
  const [{ open, state, rows: wanted }, set] = useListSearch();
  const setSearch = useSetSearch();
  const narrow = useNarrow();
  const list = useRef<HTMLDivElement>(null);
  useRowKeys(list);
  const order = useMemo(() => parseSort(sort, WORST), [sort]);
  const matching = useMatching(entries);
  const all = useMemo(() => {
    // What was searched for is not hidden in a family.
    const rows = q ? flat(matching) : grouped(matching, familiesOf(matching));
    return unfolded(rows, compareBy(order, rankOf), open ?? []);
  }, [matching, familiesOf, q, order, open]);
  const count = Number(wanted ?? PAGE);
  const shown = useMemo(() => all.slice(0, count), [all, count]);
  const trends = useTrends(view, shown);
  const listed = {
    rows: shown,
    trends,
    open: open ?? [],
    onToggle: (family: string) => set({ open: toggled(open, family) }),
  };
  const onSort = (next: Sort): void => setSearch({ sort: `${next.by}.${next.direction}` });
  return (
    <div ref={list} className="flex flex-col">
      <StateFilter entries={entries} />
      {shown.length === 0 && (
        <EmptyNote>{q ? words.noMatch(q) : words.noneInState(words.state[state!])}</EmptyNote>
      )}
      {narrow && <Order sort={order} onSort={onSort} />}
      {shown.length > 0 &&
        (narrow ? (
          <WorkflowCards {...listed} />
        ) : (
          <WorkflowTable {...listed} sort={order} onSort={onSort} />
        ))}
      {all.length > shown.length && (
        <p className="flex items-center gap-3 border-t px-4 py-2 text-xs text-ink-3">
          {words.rows(exact(shown.length), exact(all.length))}
          <Button small onClick={() => set({ rows: String(count + PAGE) })}>
            {words.more(exact(Math.min(PAGE, all.length - shown.length)))}
          </Button>
        </p>
      )}
    </div>
  );
}
