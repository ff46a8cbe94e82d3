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
import { usePermission } from '../session';
import { usePageSearch, useSetSearch, useView } from '../view';
import { classLabel } from './ClassTag';
import { ErrorsByClass } from './ErrorsByClass';
import { ErrorTiles } from './ErrorTiles';
import { errorView, MANY_GROUPS, useErrorGroups } from './frame';
import { GroupTable } from './GroupTable';
import { Merge } from './Merge';
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
  const query = useErrorGroups(view);
  const coverage = useCoverage(errorView(view));
  const comparable = useComparability(coverage, query.data?.range);
  const allowed = usePermission(view.project, 'manage_settings');
  const [chosen, setChosen] = useState<string[]>([]);
  const [merging, setMerging] = useState(false);
  if (!view.extent) return <NoData view={view} />;
  const groups = (query.data?.errors ?? []).filter((row) => chosen.includes(row.errorGroup ?? ''));
  return (
    <div className="flex flex-col gap-3">
      <title>{frame.pageTitle(words.errors)}</title>
      <h1 className="sr-only">{words.errors}</h1>
      {query.data && <Sentence groups={query.data} />}
      {!query.data && !query.isError && (
        <div className={`${SENTENCE} xl:min-h-6`}>
          <Skeleton className="my-0.5 h-5 w-96 max-w-full" />
        </div>
      )}
      <ErrorTiles view={errorView(view)} groups={query.data} comparable={comparable} />
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
        <QueryContent what={words.errors} query={query} skeleton={<TableSkeleton rows={12} />}>
          {(data) => (
            <>
              <Classes groups={data} />
              {data.errors.length === 0 ? (
                <EmptyNote>{words.noExecutionsFailedCrashed}</EmptyNote>
              ) : (
                <GroupTable
                  groups={data}
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

function Sentence({ groups }: { groups: Groups & Asked }): ReactNode {
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
          {workflows.length > 1 && words.pageLimitedOneWorkflow}
        </span>
      )}
    </p>
  );
}

/** The classes of the errors in the range; each one filters the list. */
function Classes({ groups }: { groups: Groups }): ReactNode {
  const { errorClass } = usePageSearch();
  const shown = groups.classes.filter((entry) => entry.errorClass);
  return (
    <div
      role="group"
      aria-label={words.classWord}
      className="scroll-edges flex flex-wrap gap-1 px-2.5 pb-2 max-md:flex-nowrap max-md:overflow-x-auto"
    >
      {shown.map((entry) => {
        const pressed = entry.errorClass === errorClass;
        return (
          <Link
            key={entry.errorClass}
            to="/errors"
            search={(previous) => ({
              ...previous,
              errorClass: pressed ? undefined : (entry.errorClass ?? undefined),
            })}
            aria-current={pressed}
            title={words.errors2(exact(entry.count), percent(entry.share))}
            className={`${buttonClass('quiet', true)} shrink-0 aria-[current=true]:bg-accent-soft aria-[current=true]:text-accent`}
          >
            {classLabel(entry.errorClass)} <span className="text-ink-3">{exact(entry.count)}</span>
          </Link>
        );
      })}
      {errorClass && (
        <Link
          to="/errors"
          search={(previous) => ({ ...previous, errorClass: undefined })}
          className={`${buttonClass('quiet', true)} shrink-0`}
        >
          {words.allClasses}
        </Link>
      )}
    </div>
  );
}
