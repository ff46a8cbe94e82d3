import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo, useState, type ReactNode } from 'react';
import type { QueryResult } from '@/api/types';
import { Button } from '@/components/Button';
import { Card } from '@/components/Card';
import { Chart, useTableSwitch } from '@/components/chart';
import { QueryContent } from '@/components/QueryContent';
import { ChartSkeleton, EmptyNote } from '@/components/states';
import { StatusIcon } from '@/components/StatusIcon';
import { compact, exact } from '@/lib/format';
import { bucketWord } from '@/lib/granularity';
import { STATUSES } from '@/lib/status';
import { usePageSearch, useSetSearch, type View } from '../view';
import { Partial } from './Partial';
import { chartData, comparisonName, durationSeries, statusSeries, sumOf } from './series';
import { useZoom } from './zoom';

const HEIGHT = 260;

interface Props {
  view: View;
  series: UseQueryResult<QueryResult>;
}

/** Executions over time, stacked by status. */
export function ExecutionsOverTime({ view, series }: Props): ReactNode {
  const [hidden, setHidden] = useState<Set<string>>(new Set());
  const [asTable, tableSwitch] = useTableSwitch();
  const zoom = useZoom();
  const { data: result, dataUpdatedAt } = series;
  const data = useMemo(
    () => result && chartData(result, view, 'count', statusSeries(result, hidden), dataUpdatedAt),
    [result, view, hidden, dataUpdatedAt],
  );
  const toggle = (status: string): void => {
    const next = new Set(hidden);
    if (!next.delete(status)) next.add(status);
    setHidden(next);
  };
  return (
    <Card
      title="Executions"
      note={`per ${bucketWord(view.granularity)}, by status`}
      testId="executions-chart"
      className="col-span-full xl:col-span-7"
      actions={
        <>
          {result && <Partial view={view} result={result} />}
          {tableSwitch}
        </>
      }
    >
      <QueryContent
        what="Executions over time"
        query={series}
        skeleton={<ChartSkeleton height={HEIGHT + 28} />}
      >
        {(loaded) => (
          <>
            <Legend result={loaded} hidden={hidden} onToggle={toggle} />
            {data && !loaded.comparison && sumOf(loaded, 'executions') === 0 && (
              <EmptyNote>No executions in this range.</EmptyNote>
            )}
            {data && (loaded.comparison || sumOf(loaded, 'executions') > 0) && (
              <Chart
                label="Executions over time by status"
                data={data}
                height={HEIGHT}
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
  result: QueryResult;
  hidden: Set<string>;
  onToggle: (status: string) => void;
}): ReactNode {
  const { result, hidden } = props;
  const shown = STATUSES.map((status) => ({
    ...status,
    count: sumOf(result, status.metric),
  })).filter((status) => status.count > 0);
  return (
    <div className="flex min-h-7 flex-wrap items-center gap-x-1 px-2.5">
      {shown.map((status) => (
        <Button
          key={status.metric}
          kind="quiet"
          small
          aria-pressed={!hidden.has(status.metric)}
          title={`${status.label}: ${exact(status.count)}. Click to ${hidden.has(status.metric) ? 'show' : 'hide'}.`}
          onClick={() => props.onToggle(status.metric)}
          className="aria-pressed:bg-transparent aria-[pressed=false]:opacity-45 aria-pressed:text-ink-2"
        >
          <StatusIcon glyph={status.glyph} token={status.token} />
          {status.label}
          <span className="font-medium text-ink">{compact(status.count)}</span>
        </Button>
      ))}
      {result.comparison && <ComparisonKey result={result} />}
    </div>
  );
}

/** The legend entry of the comparison period. */
function ComparisonKey({ result }: { result: QueryResult }): ReactNode {
  return (
    <span className="inline-flex items-center gap-1.5 px-1.5 text-xs text-ink-3">
      <span className="w-4 border-t-2 border-dashed border-(--compare)" /> {comparisonName(result)}
    </span>
  );
}

/** Typical (p50) and slow (p95) durations over time. */
export function DurationsOverTime({ view, series }: Props): ReactNode {
  const [asTable, tableSwitch] = useTableSwitch();
  const { axis } = usePageSearch();
  const setSearch = useSetSearch();
  const zoom = useZoom();
  const { data: result, dataUpdatedAt } = series;
  const data = useMemo(
    () => result && chartData(result, view, 'milliseconds', durationSeries(result), dataUpdatedAt),
    [result, view, dataUpdatedAt],
  );
  const empty = data?.series.every((line) => line.values.every((value) => value === null));
  return (
    <Card
      title="Duration"
      note={`per ${bucketWord(view.granularity)}, p50 and p95`}
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
        skeleton={<ChartSkeleton height={HEIGHT + 28} />}
      >
        {() =>
          !data || empty ? (
            <EmptyNote>No executions with a duration finished in this range.</EmptyNote>
          ) : (
            <>
              <p className="flex min-h-7 items-center gap-3 px-4 text-xs text-ink-3">
                Half of the executions were faster than p50, 5 % were slower than p95.
                {result?.comparison && <ComparisonKey result={result} />}
              </p>
              <div className="mt-auto">
                <Chart
                  label="Duration of executions, p50 and p95, over time"
                  data={data}
                  height={HEIGHT}
                  log={axis === 'log'}
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
