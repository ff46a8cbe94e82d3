import type { ReactNode } from 'react';
import type { Change } from '@/api/changes';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { Skeleton } from '@/components/states';
import type { Answer } from '@/lib/answer';
import { compact, exact, exactFigure, figure, percent } from '@/lib/format';
import { when } from '@/lib/range';
import { connectors as words, frame } from '@/words';
import { NoData } from '../board/Empty';
import { useChanges } from '../changes/useChanges';
import { useCoverage } from '../coverage';
import { useCardQuery } from '../useCardQuery';
import { useView, type View } from '../view';
import { Tiles, TilesSkeleton, type Tile } from '../Tiles';
import { ConnectorTable } from './ConnectorTable';
import { Environments } from './Environments';
import { Heatmap } from './Heatmap';
import { Incidents } from './Incidents';
import { incidentsOf } from './incidents';
import { connectorsQuery, MOST_CHANGES } from './queries';
import { connectorCount, sumsOf } from './rows';

/** The types of steps that workflows share: which of them fail or are slow, since when, and where. */
export function Connectors(): ReactNode {
  const view = useView();
  return (
    <div className="flex flex-col gap-3">
      <title>{frame.pageTitle(words.title)}</title>
      <h1 className="sr-only">{words.title}</h1>
      {view.extent === null ? <NoData view={view} /> : <Cards view={view} />}
    </div>
  );
}

function Cards({ view }: { view: View }): ReactNode {
  const query = useCardQuery(view, connectorsQuery(view), true, 'later');
  const changes = useChanges(view, MOST_CHANGES);
  const coverage = useCoverage(view);
  const found = changes.data?.changes;
  const count = query.data && connectorCount(query.data);
  return (
    <>
      <Sentence query={query} changes={found} />
      <QueryContent what={words.title} query={query} skeleton={<TilesSkeleton count={5} />}>
        {(answer) => <Tiles label={words.tiles.label} tiles={tilesOf(answer)} />}
      </QueryContent>
      <Heatmap view={view} changes={found} count={count} />
      <Incidents query={changes} />
      <ConnectorTable query={query} coverage={coverage} />
      <Environments view={view} />
    </>
  );
}

/** The lines that the sentence may need are there before it is, so that nothing jumps. */
const SENTENCE = 'min-h-12 text-base leading-6 text-pretty sm:min-h-6';

/** What ran, how much of it failed, and how many incidents there were, in words. */
function Sentence(props: { query: QueryState<Answer>; changes: Change[] | undefined }): ReactNode {
  const { data } = props.query;
  const { changes } = props;
  if (!data) {
    return props.query.isError ? null : (
      <div className={SENTENCE}>
        <Skeleton className="my-0.5 h-5 w-96 max-w-full" />
      </div>
    );
  }
  const { range, extent, zone } = data.frame;
  const period = when(range, extent, zone);
  const { runs, failed, share } = sumsOf(data);
  const said = words.sentence;
  if (runs === 0) {
    return (
      <p data-testid="sentence" className={SENTENCE}>
        {said.nothing(period)}
      </p>
    );
  }
  return (
    <p data-testid="sentence" className={SENTENCE}>
      {said.ran(connectorCount(data), runs, period)}
      <span className="text-ink-2">
        {failed > 0 && share !== null ? said.failed(percent(share)) : said.noneFailed}
        {changes && said.incidents(incidentsOf(changes).length)}
      </span>
    </p>
  );
}

function tilesOf(answer: Answer): Tile[] {
  const said = words.tiles;
  const all = sumsOf(answer);
  const count = (label: string, value: number, note?: string): Tile => ({
    label,
    value: figure(value, 'count'),
    exact: exactFigure(value, 'count'),
    note,
  });
  return [
    count(said.connectors, connectorCount(answer)),
    count(said.runs, all.runs),
    {
      label: said.failed,
      value: figure(all.share, 'percent'),
      exact: exactFigure(all.share, 'percent'),
      note: said.failedOf(compact(all.failed)),
    },
    count(
      said.retries,
      all.retries,
      all.runs > 0 ? said.retriesOf(percent((100 * all.retries) / all.runs)) : undefined,
    ),
    {
      label: said.cacheHits,
      value: figure(all.cache, 'percent'),
      exact: exactFigure(all.cache, 'percent'),
      note: all.lookups > 0 ? said.cacheOf(compact(all.hits), exact(all.lookups)) : said.noLookups,
    },
  ];
}
