import { Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import type { ErrorGroups as Groups } from '@/api/errors';
import { Button, buttonClass } from '@/components/Button';
import { Card } from '@/components/Card';
import { QueryContent } from '@/components/QueryContent';
import { EmptyNote, Skeleton, TableSkeleton } from '@/components/states';
import type { Asked } from '@/lib/answer';
import { counted, exact, percent } from '@/lib/format';
import { when } from '@/lib/range';
import { frameOf } from '@/lib/search';
import { NoData } from '../board/Empty';
import { SENTENCE } from '../board/Sentence';
import { useComparability, useCoverage } from '../coverage';
import { usePermission, useSession } from '../session';
import { usePageSearch, useSetSearch, useView } from '../view';
import { Classes } from './Classes';
import { ErrorsByClass } from './ErrorsByClass';
import { ErrorTiles } from './ErrorTiles';
import { errorView, MANY_GROUPS, useErrorGroups } from './frame';
import { GroupTable } from './GroupTable';
import { Merge } from './Merge';
import { closedOf, decidedFilter, useShownGroups } from './search';
import { useOutages } from './outages';
import { States } from './States';
import { errors, frame, nouns } from '@/words';
import { ExploreLink } from '../explore/ExploreLink';
import type { Explored } from '../explore/query';

const words = errors.errorGroups;

/** The same figures from the catalogue: errors by group, of all classes or of one. */
const groupsExplored = (errorClass: string | undefined): Explored => ({
  query: {
    metrics: ['errors'],
    dimensions: ['error_group'],
    orderBy: [{ metric: 'errors', direction: 'desc' }],
    ...(errorClass
      ? { filters: [{ dimension: 'error_class', op: 'in', values: [errorClass] }] }
      : {}),
    limit: 20,
    other: true,
  },
});

/** The errors of the range, grouped by their kind rather than by their wording. */
export function ErrorGroups(): ReactNode {
  const view = useView();
  const { groups: listed, errorClass } = usePageSearch();
  const setSearch = useSetSearch();
  const shown = useShownGroups();
  const me = useSession().user.id;
  // The figures are of all errors, whatever was decided about them; the list is of the groups that were chosen.
  const all = useErrorGroups(view);
  const query = useErrorGroups(view, decidedFilter(shown, me));
  const outages = useOutages(errorView(view));
  const coverage = useCoverage(errorView(view));
  const comparable = useComparability(coverage, all.data?.range);
  const allowed = usePermission(view.project, 'manage_settings');
  const [chosen, setChosen] = useState<string[]>([]);
  const [merging, setMerging] = useState(false);
  if (!view.extent) return <NoData view={view} />;
  const groups = (query.data?.errors ?? []).filter((row) => chosen.includes(row.errorGroup ?? ''));
  return (
    <div className="flex flex-col gap-3">
      <title>{frame.pageTitle(words.errors)}</title>
      <h1 className="sr-only">{words.errors}</h1>
      {all.data && (
        <Sentence
          groups={all.data}
          closed={query.isPlaceholderData ? null : closedOf(all.data, query.data, shown)}
        />
      )}
      {!all.data && !all.isError && (
        <div className={`${SENTENCE} xl:min-h-6`}>
          <Skeleton className="my-0.5 h-5 w-96 max-w-full" />
        </div>
      )}
      <ErrorTiles view={errorView(view)} groups={all.data} comparable={comparable} />
      <ErrorsByClass view={errorView(view)} errorClass={errorClass} coverage={coverage} />
      <Card
        title={words.errorGroups}
        note={
          query.data && (
            <>
              {counted(query.data.groupCount, nouns.group)}
              {comparable?.possible === false && (
                // Narrow screens have no column of changes to explain.
                <span className="max-md:hidden"> · {comparable.reason}</span>
              )}
            </>
          )
        }
        testId="error-groups"
        actions={
          <>
            {groups.length > 1 && (
              <Button kind="primary" onClick={() => setMerging(true)}>
                {words.mergeGroups(groups.length)}
              </Button>
            )}
            <ExploreLink
              title={words.errorGroups}
              frame={errorView(view)}
              {...groupsExplored(errorClass)}
            />
            <Link
              to="/errors/rules"
              search={(previous) => frameOf(previous)}
              className={buttonClass()}
            >
              {words.rules}
            </Link>
          </>
        }
      >
        <States />
        <QueryContent what={words.errors} query={query} skeleton={<TableSkeleton rows={12} />}>
          {(data) => (
            <>
              <Classes groups={all.data ?? data} />
              {data.errors.length === 0 ? (
                <EmptyNote>
                  {all.data?.total === 0
                    ? words.noExecutionsFailedCrashed
                    : `${errors.triage.none[shown.state]} ${shown.mine ? errors.triage.noneMine : ''}`}
                </EmptyNote>
              ) : (
                <GroupTable
                  groups={data}
                  total={all.data?.total}
                  outages={outages}
                  comparable={comparable}
                  chosen={allowed ? chosen : null}
                  onChoose={setChosen}
                />
              )}
              {data.groupCount > data.errors.length && (
                <p className="flex items-center gap-3 border-t px-4 py-2 text-xs text-ink-3">
                  {words.mostFrequentGroups(exact(data.errors.length), exact(data.groupCount))}
                  {!listed && (
                    <Button small onClick={() => setSearch({ groups: 'all' }, { replace: true })}>
                      {words.show(exact(Math.min(MANY_GROUPS, data.groupCount)))}
                    </Button>
                  )}
                </p>
              )}
            </>
          )}
        </QueryContent>
      </Card>
      <Merge
        projectId={view.project.id}
        groups={groups}
        open={merging}
        onClose={() => setMerging(false)}
        onDone={() => {
          setMerging(false);
          setChosen([]);
        }}
      />
    </div>
  );
}

function Sentence(props: {
  groups: Groups & Asked;
  /** How many groups are not listed because they are resolved or ignored; null if that is not known. */
  closed: number | null;
}): ReactNode {
  const { groups, closed } = props;
  const { range, extent, zone, workflows } = groups.frame;
  const period = when(range, extent, zone);
  const first = groups.errors[0];
  if (groups.total === 0) {
    return (
      <p data-testid="sentence" className={`${SENTENCE} xl:min-h-6`}>
        {words.noExecutionsFailedCrashed2(period)}
      </p>
    );
  }
  return (
    <p data-testid="sentence" className={`${SENTENCE} xl:min-h-6`}>
      {words.failedCrashed(
        counted(groups.total, nouns.execution),
        period,
        counted(groups.groupCount, nouns.group),
      )}
      {first && (
        <span className="text-ink-2">
          {' '}
          {words.largestGroupAccountsThem(percent(first.share))}
          {closed !== null && closed > 0 && errors.triage.closed(closed, exact(closed))}
          {workflows.length > 1 && words.pageLimitedOneWorkflow}
        </span>
      )}
    </p>
  );
}
