import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Change } from '@/api/changes';
import { Name } from '@/components/Name';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { Delta, type Comparability } from '@/components/Delta';
import { Skeleton } from '@/components/states';
import type { Answer } from '@/lib/answer';
import { shareBounds } from '@/lib/chance';
import { compact, exact, exactFigure, figure, percent } from '@/lib/format';
import { when } from '@/lib/range';
import { connectors as words, frame } from '@/words';
import { NoData } from '../board/Empty';
import { Breadcrumb } from '../Breadcrumb';
import { useChanges } from '../changes/useChanges';
import { useComparability, useCoverage } from '../coverage';
import { percentileWords } from '../percentile';
import { useCardQuery } from '../useCardQuery';
import { useView, type View } from '../view';
import { RunsOverTime } from '../workflow/StepOverTime';
import { Tiles, TilesSkeleton, type Tile } from '../Tiles';
import { useCost } from './cost';
import { Dependents } from './Dependents';
import { Failures } from './Failures';
import { Heatmap } from './Heatmap';
import { Incidents } from './Incidents';
import { incidentsOf } from './incidents';
import { connectorQuery, MOST_CHANGES, ofConnector, stepsOfConnector } from './queries';
import { figuresOf, type Figures } from './rows';
import { StepTable } from './StepTable';

/** One connector: whether it works, how fast, since when not, and who depends on it. */
export function Connector(): ReactNode {
  const { stepType } = useParams({ from: '/frame/board/connectors/$stepType' });
  const view = useView();
  if (!view.extent) return <NoData view={view} />;
  // Another connector starts anew: the figures of one never stand under the name of the other.
  return <Known key={`${view.project.id} ${stepType}`} view={view} connector={stepType} />;
}

function Known({ view, connector }: { view: View; connector: string }): ReactNode {
  const query = useCardQuery(view, connectorQuery(view, connector), true, 'later');
  const steps = useCardQuery(view, stepsOfConnector(connector), true, 'later');
  const changes = useChanges(view, MOST_CHANGES);
  const coverage = useCoverage(view);
  const comparable = useComparability(coverage, query.data?.query.range);
  const cost = useCost(view, steps);
  const found = changes.data?.changes;
  return (
    <div className="flex flex-col gap-3">
      <title>{frame.pageTitle(connector)}</title>
      <div>
        <Breadcrumb to="/connectors" label={words.title} />
        <h1 className="min-h-7 text-lg leading-7 font-semibold" data-testid="connector-name">
          <Name of={connector} />
        </h1>
        <Sentence query={query} incidents={found && incidentsOf(found, connector)} />
      </div>
      <QueryContent what={words.tiles.label} query={query} skeleton={<TilesSkeleton count={7} />}>
        {(answer) => <Tiles label={words.tiles.label} tiles={tilesOf(answer, comparable, cost)} />}
      </QueryContent>
      <Heatmap view={view} changes={found} connector={connector} />
      <div className="grid grid-cols-12 gap-3">
        <RunsOverTime
          view={view}
          filter={ofConnector(connector)}
          durations={words.one.durations}
          runs={words.one.outcomes}
        />
        <div className="col-span-full flex min-w-0 flex-col gap-3 xl:col-span-6">
          <Failures view={view} connector={connector} changes={found} />
          <Incidents query={changes} connector={connector} />
        </div>
        <Dependents view={view} connector={connector} />
        <StepTable query={steps} />
      </div>
    </div>
  );
}

/** What ran and failed, and how many incidents there were, in words. */
function Sentence(props: {
  query: QueryState<Answer>;
  incidents: Change[] | undefined;
}): ReactNode {
  const { data } = props.query;
  if (!data)
    return props.query.isError ? null : <Skeleton className="my-0.5 h-5 w-80 max-w-full" />;
  const { range, extent, zone } = data.frame;
  const period = when(range, extent, zone);
  const { runs, failed, share } = figuresOf(data.rows[0]);
  const said = words.sentence;
  return (
    <p data-testid="sentence" className="min-h-6 leading-6 text-ink-2">
      {runs === 0 ? words.one.notRun : said.ranOne(runs, period)}
      {runs > 0 && (failed > 0 && share !== null ? said.failed(percent(share)) : said.noneFailed)}
      {props.incidents && said.incidentsOne(props.incidents.length)}
    </p>
  );
}

function tilesOf(
  answer: Answer,
  comparable: Comparability | undefined,
  cost: ReturnType<typeof useCost>,
): Tile[] {
  const said = words.tiles;
  const now = figuresOf(answer.rows[0]);
  const before = answer.comparison?.[0] && figuresOf(answer.comparison[0]);
  const change = (of: (figures: Figures) => number | null, unit: 'milliseconds' | 'count') =>
    before && (
      <Delta
        now={of(now)}
        before={of(before)}
        metric={{ unit, goodDirection: unit === 'count' ? 'neutral' : 'down' }}
        comparable={comparable}
      />
    );
  const percentile = (label: string, of: 'p50' | 'p95'): Tile => ({
    label,
    ...percentileWords(now[of], now.timed),
    note: change((figures) => figures[of], 'milliseconds'),
  });
  return [
    {
      label: said.runs,
      value: figure(now.runs, 'count'),
      exact: exactFigure(now.runs, 'count'),
      note: change(({ runs }) => runs, 'count'),
    },
    {
      label: said.failed,
      value: figure(now.share, 'percent'),
      exact: boundsOf(now),
      note: said.failedOf(compact(now.failed)),
    },
    percentile(said.p50, 'p50'),
    percentile(said.p95, 'p95'),
    {
      label: said.retries,
      value: figure(now.retries, 'count'),
      exact: exactFigure(now.retries, 'count'),
      note: now.runs > 0 && said.retriesOf(percent((100 * now.retries) / now.runs)),
    },
    {
      label: said.cacheHits,
      value: figure(now.cache, 'percent'),
      exact: exactFigure(now.cache, 'percent'),
      note: now.lookups > 0 ? said.cacheOf(compact(now.hits), exact(now.lookups)) : said.noLookups,
    },
    {
      label: said.cost,
      value: figure(cost === 'many' ? null : cost, 'usd'),
      exact: exactFigure(cost === 'many' ? null : cost, 'usd'),
      note: cost === 'many' ? said.tooManySteps : cost === null ? said.noCost : said.costNote,
    },
  ];
}

/** The failure rate with its bounds. */
function boundsOf({ failed, judged, share }: Figures): string {
  if (judged === 0) return exactFigure(share, 'percent');
  const { lower, upper } = shareBounds(failed, judged);
  return words.tiles.bounds(percent(lower * 100), percent(upper * 100));
}
