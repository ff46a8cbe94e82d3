import { useRouter } from '@tanstack/react-router';
import { useCallback, useMemo, type ReactNode } from 'react';
import type { MetricInfo } from '@/api/types';
import type { Comparability } from '@/components/Delta';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { ChartSkeleton, TableSkeleton } from '@/components/states';
import type { Answer } from '@/lib/answer';
import { explore as words } from '@/words';
import { perBucket } from '../board/TimeCharts';
import { ChartCard } from '../ChartCard';
import { executionsLink } from '../executionsLink';
import { TilesSkeleton } from '../Tiles';
import { useView } from '../view';
import { AnswerTable } from './AnswerTable';
import { behind } from './executionsBehind';
import { Bars } from './Bars';
import { titleOf, type Catalogue, type Dimension } from './catalogue';
import { WholeFigures } from './WholeFigures';
import { groupsChart, metricsChart, MOST_PANELS, panelsOf } from './panels';
import { useExploreSearch } from './search';

/** What an answer has. */
export interface Shown {
  metrics: MetricInfo[];
  groups: Dimension[];
  /** Whether it has buckets. */
  time: boolean;
}

export function shownBy({ query }: Answer, catalogue: Catalogue): Shown {
  return {
    metrics: query.metrics.map(catalogue.metric),
    groups: query.dimensions.map(catalogue.dimension),
    time: Boolean(query.granularity),
  };
}

interface Asked extends Shown {
  query: QueryState<Answer>;
}

interface Props extends Asked {
  coverage: Answer | undefined;
  comparable: Comparability | undefined;
}

/** What the API answers: as charts, bars or figures, and below them every figure in a table. */
export function Results(
  props: Props & { /** What charts over time show. */ drawn: Asked },
): ReactNode {
  const { query, metrics, groups, time, comparable } = props;
  const [search] = useExploreSearch();
  const inChart = search.chart !== 'table';
  return (
    <>
      {inChart && time && <Charts {...props} {...props.drawn} />}
      {inChart && !time && groups.length > 0 && (
        <Bars query={query} metrics={metrics} groups={groups} />
      )}
      {!time && groups.length === 0 && (
        <QueryContent
          what={words.table}
          query={query}
          skeleton={<TilesSkeleton count={metrics.length} />}
        >
          {(answer) => <WholeFigures answer={answer} metrics={metrics} comparable={comparable} />}
        </QueryContent>
      )}
      {(time || groups.length > 0) && (
        <AnswerTable query={query} metrics={metrics} groups={groups} comparable={comparable} />
      )}
    </>
  );
}

/** The charts over time. */
function Charts(props: Props): ReactNode {
  const { metrics, groups } = props;
  const panels = useMemo(() => panelsOf(metrics, groups.length > 0), [metrics, groups]);
  return (
    <>
      {panels.slice(0, MOST_PANELS).map((panel, index) => (
        <Panel key={panel.map(({ name }) => name).join(' ')} {...props} at={index} panel={panel} />
      ))}
      {panels.length > MOST_PANELS && (
        <p className="px-1 text-xs text-ink-3">
          {words.moreCharts(panels.slice(MOST_PANELS).flat().length)}
        </p>
      )}
    </>
  );
}

function Panel(props: Props & { panel: MetricInfo[]; at: number }): ReactNode {
  const { panel, groups, query } = props;
  const [{ chart: asked }] = useExploreSearch();
  const chart = useCallback(
    (answer: Answer, comparable: Comparability | undefined) => {
      const [first] = panel;
      return groups.length > 0 && first
        ? groupsChart(answer, first, groups, asked)
        : metricsChart(answer, panel, asked, comparable);
    },
    [panel, groups, asked],
  );
  const open = useOpenBucket(query.data, panel);
  const title = titleOf(panel, groups);
  // Of several metrics, no comparison is drawn.
  const drawn = useMemo(() => {
    const { data } = query;
    return data && panel.length > 1
      ? { ...query, data: { ...data, comparison: undefined } }
      : query;
  }, [query, panel]);
  return (
    <ChartCard
      id={`explore-${props.at + 1}`}
      title={title}
      label={words.starter(title, true)}
      note={perBucket(query.data)}
      empty={words.empty}
      query={drawn}
      coverage={props.coverage}
      chart={chart}
      onOpen={open}
      logAxis={panel.every(({ unit }) => unit === 'milliseconds')}
      height={320}
      testId="explore-chart"
    />
  );
}

/** Opens the executions of a bucket of a chart; undefined if the list cannot show them. */
function useOpenBucket(
  answer: Answer | undefined,
  panel: MetricInfo[],
): ((start: number) => void) | undefined {
  const router = useRouter();
  const { project } = useView();
  return useMemo(() => {
    const [metric] = panel;
    if (!answer || !metric || !behind(answer, [], {}, metric)) return undefined;
    return (start) => {
      const filters = behind(answer, [], { time: new Date(start).toISOString() }, metric);
      if (filters) router.history.push(executionsLink({ project, ...answer.frame }, filters));
    };
  }, [answer, panel, project, router]);
}

/** A skeleton of the answer while it is not known what can be asked. */
export function ResultsSkeleton(): ReactNode {
  return (
    <div className="flex flex-col gap-3">
      <div className="rounded-lg border bg-surface pt-3">
        <ChartSkeleton headed height={320} />
      </div>
      <div className="rounded-lg border bg-surface pt-3">
        <TableSkeleton rows={8} />
      </div>
    </div>
  );
}
