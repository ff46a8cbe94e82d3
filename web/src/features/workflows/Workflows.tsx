import { useMemo, type ReactNode } from 'react';
import { Card } from '@/components/Card';
import { Icon } from '@/components/Icon';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { TableSkeleton } from '@/components/states';
import type { Answer } from '@/lib/answer';
import { counted, exact } from '@/lib/format';
import { frame, nouns, workflows as words } from '@/words';
import { NoData, OutOfRange } from '../board/Empty';
import { useChanges } from '../changes/useChanges';
import { useComparability, useCoverage } from '../coverage';
import { useCardQuery } from '../useCardQuery';
import { usePageSearch, useSetSearch, useView, type View } from '../view';
import { Grouped, GroupChoice } from './Grouped';
import { entriesOf, listQuery, namesQuery, type Entry } from './list';
import { ExploreLink } from '../explore/ExploreLink';

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
        actions={
          <>
            <Actions view={view} />
            <ExploreLink title={words.title} frame={query.data?.frame} query={listQuery} />
          </>
        }
      >
        <QueryContent what={words.title} query={query} skeleton={<TableSkeleton rows={12} />}>
          {(answer) =>
            entries.length === 0 ? (
              <div className="p-4">
                <OutOfRange view={view} headline={answer} />
              </div>
            ) : (
              <Grouped view={view} entries={entries} />
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

function Actions({ view }: { view: View }): ReactNode {
  const { q } = usePageSearch();
  const setSearch = useSetSearch();
  return (
    <>
      <GroupChoice view={view} />
      <label className="flex h-8 items-center gap-1.5 rounded-md border px-2 focus-within:border-accent pointer-coarse:h-10">
        <Icon name="search" size={14} />
        <span className="sr-only">{words.search}</span>
        <input
          data-search
          type="search"
          value={q ?? ''}
          placeholder={words.searchHint}
          onChange={(event) => setSearch({ q: event.target.value || undefined }, { replace: true })}
          className="w-40 bg-transparent outline-none max-md:w-28"
        />
      </label>
    </>
  );
}
