import { useMemo, type ReactNode } from 'react';
import { Button } from '@/components/Button';
import { Card } from '@/components/Card';
import { Chart } from '@/components/chart';
import { ExportMenu } from '@/components/chart/ExportMenu';
import { Legend } from '@/components/chart/Legend';
import type { ChartData } from '@/components/chart/model';
import type { Comparability } from '@/components/Delta';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { ChartSkeleton, EmptyNote } from '@/components/states';
import type { Answer } from '@/lib/answer';
import { toggled } from '@/lib/list';
import { useNarrow } from '@/lib/media';
import { chart as words } from '@/words';
import { ComparisonKey } from './board/ComparisonKey';
import { Partial } from './board/Partial';
import { useZoom } from './board/zoom';
import { useComparability } from './coverage';
import { ExploreLink } from './explore/ExploreLink';
import type { Explored } from './explore/query';
import { useMarkers } from './markers';
import { useTableSwitch } from './tableSwitch';
import { usePageSearch, useSetSearch } from './view';

/** A card with a time chart: its query, how the answer is drawn, and its words. Everything else is the same for all. */
export interface ChartDeclaration {
  /** Names the chart in the URL, where it is a table. */
  id: string;
  title: string;
  /** What the card shows, for readers who do not see the chart. */
  label: string;
  note?: ReactNode;
  /** A remark above the chart. */
  about?: ReactNode;
  /** What stands in place of a chart without figures. */
  empty: string;
  query: QueryState<Answer>;
  /** Where there is data in the comparison period. */
  coverage: Answer | undefined;
  /** Lays an answer out as a chart; the same function until the drawing changes. */
  chart: (answer: Answer, comparable: Comparability | undefined) => ChartData;
  /** Whether a logarithmic axis is offered. */
  logAxis?: boolean;
  height?: number;
  /** Opens the bucket that starts then (epoch milliseconds). */
  onOpen?: (start: number) => void;
  /** The query of what is drawn, without its buckets, to ask it again on the page Explore. */
  explore?: Explored;
  actions?: ReactNode;
  className?: string;
  testId?: string;
}

const HEIGHT = 260;
/** On a phone, the main chart fits above the fold. */
const NARROW_HEIGHT = 180;

/** Whether there is nothing to draw: gaps, and bars without height. */
const blank = ({ series }: ChartData): boolean =>
  series.every(({ kind, values }) =>
    values.every((value) => value === null || (kind === 'bar' && value === 0)),
  );

/** Draws a declaration: the chart or its table, legend, marks, zoom and export. What a person sets is in the URL. */
export function ChartCard(props: ChartDeclaration): ReactNode {
  const { query, chart, explore } = props;
  const narrow = useNarrow();
  const height = narrow ? NARROW_HEIGHT : (props.height ?? HEIGHT);
  const { hide, axis } = usePageSearch();
  const [asTable, tableSwitch] = useTableSwitch(props.id);
  const zoom = useZoom();
  const result = query.data;
  const markers = useMarkers(result?.frame.workflows);
  const comparable = useComparability(props.coverage, result?.query.range);
  const whole = useMemo(() => result && chart(result, comparable), [result, comparable, chart]);
  const data = useMemo(
    () => whole && { ...whole, series: whole.series.filter(({ id }) => !hide?.includes(id)) },
    [whole, hide],
  );
  const log = Boolean(props.logAxis) && axis === 'log';
  const drawable = whole !== undefined && data !== undefined && !blank(whole);
  return (
    <Card
      title={props.title}
      note={props.note}
      testId={props.testId}
      className={props.className}
      actions={
        <>
          {result && <Partial result={result} />}
          {props.actions}
          {props.logAxis && <LogAxis on={log} />}
          {tableSwitch}
          {explore && (
            <ExploreLink
              // Phones have no room for it beside the title, the table and the export.
              className="max-sm:hidden"
              title={props.title}
              frame={result?.frame}
              chart={explore.chart}
              query={({ granularity }) => ({ ...explore.query, granularity })}
            />
          )}
          {drawable && <ExportMenu title={props.title} data={data} markers={markers} log={log} />}
        </>
      }
    >
      <QueryContent
        what={props.label}
        query={query}
        skeleton={<ChartSkeleton headed height={height} />}
      >
        {(loaded) =>
          drawable ? (
            <>
              <Head
                whole={whole}
                about={props.about}
                comparison={
                  loaded.comparison && <ComparisonKey result={loaded} comparable={comparable} />
                }
              />
              <div className="mt-auto">
                <Chart
                  label={props.label}
                  data={data}
                  height={height}
                  log={log}
                  markers={markers}
                  asTable={asTable}
                  onZoom={zoom.zoomIn}
                  onZoomBack={zoom.zoomOut}
                  onOpen={props.onOpen}
                />
              </div>
            </>
          ) : (
            <EmptyNote>{props.empty}</EmptyNote>
          )
        }
      </QueryContent>
    </Card>
  );
}

/** The line above a chart: a remark, the legend if there is a choice, and the comparison. */
function Head(props: { whole: ChartData; about: ReactNode; comparison: ReactNode }): ReactNode {
  const { whole, about } = props;
  const { hide } = usePageSearch();
  const setSearch = useSetSearch();
  const choice = whole.series.filter(({ comparison }) => !comparison).length > 1 || !about;
  return (
    <div className="flex min-h-7 flex-wrap items-center gap-x-2 px-2.5 max-md:min-h-11 max-md:flex-nowrap max-md:overflow-x-auto">
      {about && <p className="min-w-0 px-1.5 text-xs text-ink-3 max-md:min-w-48">{about}</p>}
      {choice && (
        <Legend
          data={whole}
          hidden={hide ?? []}
          onToggle={(id) => setSearch({ hide: toggled(hide, id) }, { replace: true })}
        />
      )}
      {props.comparison}
    </div>
  );
}

function LogAxis({ on }: { on: boolean }): ReactNode {
  const setSearch = useSetSearch();
  return (
    <Button
      kind="quiet"
      small
      aria-pressed={on}
      onClick={() => setSearch({ axis: on ? undefined : 'log' }, { replace: true })}
    >
      {words.logAxis}
    </Button>
  );
}
