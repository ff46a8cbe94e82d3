import { useMemo, type ReactNode } from 'react';
import { Button } from '@/components/Button';
import { Card } from '@/components/Card';
import { Chart } from '@/components/chart';
import { NoComparison, type Comparability } from '@/components/Delta';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { ChartSkeleton, EmptyNote } from '@/components/states';
import { StatusIcon } from '@/components/StatusIcon';
import type { Answer } from '@/lib/answer';
import { compact, exact } from '@/lib/format';
import { bucketWord } from '@/lib/granularity';
import { toggled } from '@/lib/list';
import { rangeLabel } from '@/lib/range';
import { STATUSES } from '@/lib/status';
import { useComparability } from '../coverage';
import { useMarkers } from '../markers';
import { useTableSwitch } from '../tableSwitch';
import { usePageSearch, useSetSearch } from '../view';
import { Partial } from './Partial';
import { chartData, comparisonName, durationSeries, statusSeries, sumOf } from './series';
import { useZoom } from './zoom';

const HEIGHT = 260;

interface Props {
  series: QueryState<Answer>;
  coverage: Answer | undefined;
}

/** What the buckets of an answer are called: `per day`. */
export const perBucket = (answer: Answer | undefined): string | undefined =>
  answer?.query.granularity ? `per ${bucketWord(answer.query.granularity)}` : undefined;

/** Executions over time, stacked by status. */
export function ExecutionsOverTime({ series, coverage }: Props): ReactNode {
  const { hide } = usePageSearch();
  const setSearch = useSetSearch();
  const [asTable, tableSwitch] = useTableSwitch('executions');
  const zoom = useZoom();
  const markers = useMarkers(series.data?.frame.workflows);
  const result = series.data;
  const comparable = useComparability(coverage, result?.query.range);
  const data = useMemo(
    () => result && chartData(result, 'count', statusSeries(result, hide ?? [], comparable)),
    [result, hide, comparable],
  );
  const toggle = (status: string): void =>
    setSearch({ hide: toggled(hide, status) }, { replace: true });
  const note = [perBucket(result), 'by status'].filter(Boolean).join(', ');
  return (
    <Card
      title="Executions"
      note={note}
      testId="executions-chart"
      className="col-span-full xl:col-span-7"
      actions={
        <>
          {result && <Partial result={result} />}
          {tableSwitch}
        </>
      }
    >
      <QueryContent
        what="Executions over time"
        query={series}
        skeleton={<ChartSkeleton headed height={HEIGHT} />}
      >
        {(loaded) => (
          <>
            <Legend result={loaded} hidden={hide ?? []} comparable={comparable} onToggle={toggle} />
            {data && !loaded.comparison && sumOf(loaded, 'executions') === 0 && (
              <EmptyNote>No executions in this range.</EmptyNote>
            )}
            {data && (loaded.comparison || sumOf(loaded, 'executions') > 0) && (
              <Chart
                label="Executions over time by status"
                data={data}
                height={HEIGHT}
                markers={markers}
                asTable={asTable}
                onZoom={zoom.zoomIn}
                onZoomBack={zoom.zoomOut}
              />
            )}
          </>
        )}
      </QueryContent>
    </Card>
  );
}

function Legend(props: {
  result: Answer;
  hidden: string[];
  comparable: Comparability | undefined;
  onToggle: (status: string) => void;
}): ReactNode {
  const { result, hidden } = props;
  const shown = STATUSES.map((status) => ({
    ...status,
    count: sumOf(result, status.metric),
  })).filter((status) => status.count > 0);
  return (
    <div className="flex min-h-7 flex-wrap items-center gap-x-1 px-2.5 max-sm:min-h-14">
      {shown.map((status) => (
        <Button
          key={status.metric}
          kind="quiet"
          small
          aria-pressed={!hidden.includes(status.metric)}
          title={`${status.label}: ${exact(status.count)}. Click to ${hidden.includes(status.metric) ? 'show' : 'hide'}.`}
          onClick={() => props.onToggle(status.metric)}
          className="aria-pressed:bg-transparent aria-[pressed=false]:opacity-45 aria-pressed:text-ink-2"
        >
          <StatusIcon glyph={status.glyph} token={status.token} />
          {status.label}
          <span className="font-medium text-ink">{compact(status.count)}</span>
        </Button>
      ))}
      {result.comparison && <ComparisonKey result={result} comparable={props.comparable} />}
    </div>
  );
}

const datesOf = ({ from, to }: { from: string; to: string }, zone: string): string =>
  rangeLabel({ kind: 'absolute', from: Date.parse(from), to: Date.parse(to) }, zone);

/** The legend entry of the comparison period: which time it is, or why it is not drawn. */
export function ComparisonKey(props: {
  result: Answer;
  comparable: Comparability | undefined;
}): ReactNode {
  const { result, comparable } = props;
  const past = result.query.comparisonRange;
  if (comparable?.possible === false) {
    return (
      <span className="shrink-0 px-1.5 text-xs whitespace-nowrap">
        <NoComparison reason={comparable.reason} />
      </span>
    );
  }
  return (
    <span
      title={past ? datesOf(past, result.frame.zone) : undefined}
      className="inline-flex shrink-0 items-center gap-1.5 px-1.5 text-xs whitespace-nowrap text-ink-3"
    >
      <span className="w-4 border-t-2 border-dashed border-(--compare)" /> {comparisonName(result)}
    </span>
  );
}

/** Typical (p50) and slow (p95) durations over time. */
export function DurationsOverTime({ series, coverage }: Props): ReactNode {
  const [asTable, tableSwitch] = useTableSwitch('duration');
  const { axis } = usePageSearch();
  const setSearch = useSetSearch();
  const zoom = useZoom();
  const markers = useMarkers(series.data?.frame.workflows);
  const result = series.data;
  const comparable = useComparability(coverage, result?.query.range);
  const data = useMemo(
    () => result && chartData(result, 'milliseconds', durationSeries(result, comparable)),
    [result, comparable],
  );
  const empty = data?.series.every((line) => line.values.every((value) => value === null));
  return (
    <Card
      title="Duration"
      note={[perBucket(result), 'p50 and p95'].filter(Boolean).join(', ')}
      testId="duration-chart"
      className="col-span-full xl:col-span-5"
      actions={
        <>
          <Button
            kind="quiet"
            small
            aria-pressed={axis === 'log'}
            onClick={() =>
              setSearch({ axis: axis === 'log' ? undefined : 'log' }, { replace: true })
            }
          >
            Log axis
          </Button>
          {tableSwitch}
        </>
      }
    >
      <QueryContent
        what="Durations"
        query={series}
        skeleton={<ChartSkeleton headed height={HEIGHT} />}
      >
        {() =>
          !data || empty ? (
            <EmptyNote>No executions with a duration finished in this range.</EmptyNote>
          ) : (
            <>
              <p className="flex min-h-7 items-center gap-3 px-4 text-xs text-ink-3 max-sm:min-h-14">
                Half of the executions were faster than p50, 5 % were slower than p95.
                {result?.comparison && <ComparisonKey result={result} comparable={comparable} />}
              </p>
              <div className="mt-auto">
                <Chart
                  label="Duration of executions, p50 and p95, over time"
                  data={data}
                  height={HEIGHT}
                  log={axis === 'log'}
                  markers={markers}
                  asTable={asTable}
                  onZoom={zoom.zoomIn}
                  onZoomBack={zoom.zoomOut}
                />
              </div>
            </>
          )
        }
      </QueryContent>
    </Card>
  );
}
