import { useMemo, useRef, type ReactNode } from 'react';
import { Button } from '@/components/Button';
import { Card } from '@/components/Card';
import { parseSort, type Sort } from '@/components/DataTable';
import { Icon } from '@/components/Icon';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import type { Answer } from '@/lib/answer';
import { counted, exact } from '@/lib/format';
import { toggled } from '@/lib/list';
import { useNarrow } from '@/lib/media';
import { useRowKeys } from '@/lib/rowKeys';
import { frame, nouns, workflows as words } from '@/words';
import { NoData, OutOfRange } from '../board/Empty';
import { useChanges } from '../changes/useChanges';
import { useComparability, useCoverage } from '../coverage';
import { useCardQuery } from '../useCardQuery';
import { usePageSearch, useSetSearch, useView, type View } from '../view';
import {
  compareBy,
  entriesOf,
  flat,
  grouped,
  listQuery,
  namesQuery,
  unfolded,
  type Entry,
} from './list';
import { Order } from './Order';
import { PAGE, useListSearch } from './search';
import { STATES } from './state';
import { StateFilter } from './StateFilter';
import { useTrends } from './trends';
import { WorkflowCards } from './WorkflowCards';
import { WorkflowTable } from './WorkflowTable';

const WORST = { by: 'change', direction: 'desc' } as const;
const rankOf = (state: Entry['state']): number => STATES.indexOf(state);

/** Every workflow of the range, those that got worst first. */
export function Workflows(): ReactNode {
  const view = useView();
  if (!view.extent) return <NoData view={view} />;
  return <List view={view} />;
}

/** The workflows of the period that the range is compared with: some may not have run since. */
function useBefore(view: View, answer: Answer | undefined, enabled: boolean): Answer | undefined {
  const past = answer?.query.comparisonRange;
  const before = useMemo((): View => {
    if (!past) return view;
    const bounds = { from: Date.parse(past.from), to: Date.parse(past.to) };
    return { ...view, bounds, range: { kind: 'absolute', ...bounds }, relative: false };
  }, [view, past]);
  return useCardQuery(before, namesQuery, enabled && Boolean(past), 'later').data;
}

/** Every workflow with its state, as far as it is known by now. */
function useEntries(view: View): { query: QueryState<Answer>; entries: Entry[] } {
  const query = useCardQuery(view, listQuery(view), true, 'later');
  const coverage = useCoverage(view);
  const comparable = useComparability(coverage, query.data?.query.range)?.possible === true;
  const before = useBefore(view, query.data, comparable);
  const changes = useChanges(view, Infinity).data?.changes;
  const entries = useMemo(
    () => (query.data ? entriesOf(query.data, before, changes ?? [], comparable) : []),
    [query.data, before, changes, comparable],
  );
  return { query, entries };
}

function List({ view }: { view: View }): ReactNode {
  const { query, entries } = useEntries(view);
  return (
    <div className="flex flex-col gap-3">
      <title>{frame.pageTitle(words.title)}</title>
      <h1 className="sr-only">{words.title}</h1>
      <Card
        title={words.title}
        note={
          query.data && counted(Math.max(entries.length, query.data.meta.groups), nouns.workflow)
        }
        testId="workflows"
        actions={<Actions />}
      >
        <QueryContent what={words.title} query={query} skeleton={<TableSkeleton rows={12} />}>
          {(answer) =>
            entries.length === 0 ? (
              <div className="p-4">
                <OutOfRange view={view} headline={answer} />
              </div>
            ) : (
              <Rows view={view} entries={entries} />
            )
          }
        </QueryContent>
        {query.data && query.data.rows.length < query.data.meta.groups && (
          <p className="border-t px-4 py-2 text-xs text-ink-3">
            {words.cut(exact(query.data.rows.length), exact(query.data.meta.groups))}
          </p>
        )}
      </Card>
    </div>
  );
}

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

function Rows({ view, entries }: { view: View; entries: Entry[] }): ReactNode {
  const { q, sort } = usePageSearch();
  const [{ open, group, state, rows: wanted }, set] = useListSearch();
  const setSearch = useSetSearch();
  const narrow = useNarrow();
  const list = useRef<HTMLDivElement>(null);
  useRowKeys(list);
  const order = useMemo(() => parseSort(sort, WORST), [sort]);
  const matching = useMatching(entries);
  const all = useMemo(() => {
    // What was searched for is not hidden in a family.
    const rows = group === 'off' || q ? flat(matching) : grouped(matching);
    return unfolded(rows, compareBy(order, rankOf), open ?? []);
  }, [matching, group, q, order, open]);
  const count = Number(wanted ?? PAGE);
  const shown = useMemo(() => all.slice(0, count), [all, count]);
  const trends = useTrends(view, shown);
  const props = {
    rows: shown,
    trends,
    open: open ?? [],
    onToggle: (family: string) => set({ open: toggled(open, family) }),
  };
  const onSort = (next: Sort): void =>
    setSearch({ sort: `${next.by}.${next.direction}` }, { replace: true });
  return (
    <div ref={list} className="flex flex-col">
      <StateFilter entries={entries} />
      {shown.length === 0 && (
        <EmptyNote>{q ? words.noMatch(q) : words.noneInState(words.state[state!])}</EmptyNote>
      )}
      {narrow && <Order sort={order} onSort={onSort} />}
      {shown.length > 0 &&
        (narrow ? (
          <WorkflowCards {...props} />
        ) : (
          <WorkflowTable {...props} sort={order} onSort={onSort} />
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

function Actions(): ReactNode {
  const { q } = usePageSearch();
  const [{ group }, set] = useListSearch();
  const setSearch = useSetSearch();
  return (
    <>
      <Button
        kind="quiet"
        aria-pressed={group !== 'off'}
        title={words.groupHint}
        onClick={() => set({ group: group === 'off' ? undefined : 'off' })}
      >
        {words.group}
      </Button>
      <label className="flex h-8 items-center gap-1.5 rounded-md border px-2 focus-within:border-accent pointer-coarse:h-10">
        <Icon name="search" size={14} />
        <span className="sr-only">{words.search}</span>
        <input
          data-search
          type="search"
          value={q ?? ''}
          placeholder={words.searchHint}
          onChange={(event) => setSearch({ q: event.target.value || undefined }, { replace: true })}
          className="w-40 bg-transparent outline-none"
        />
      </label>
    </>
  );
}
