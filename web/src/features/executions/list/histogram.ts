import type { ExecutionHistogram, HistogramBucket } from '@/api/executions';
import type { ChartData, Series } from '@/components/chart/model';
import { bucketEnd } from '@/lib/granularity';
import { STATUSES } from '@/lib/status';

/** The states of a histogram as the chart stacks them: the field that counts each. */
const PARTS: { metric: (typeof STATUSES)[number]['metric']; field: keyof HistogramBucket }[] =
  STATUSES.map(({ metric }) => ({ metric, field: metric === 'running' ? 'started' : metric }));

/** A histogram as a chart: bars by state, those that never occur left out. */
export function histogramChart(
  histogram: ExecutionHistogram,
  frame: { zone: string; bounds: { from: number; to: number } },
  at: number,
): ChartData {
  const starts = histogram.buckets.map(({ time }) => Date.parse(time));
  const last = starts.at(-1);
  const granularity = histogram.granularity ?? 'day';
  const series = PARTS.flatMap(({ metric, field }): Series[] => {
    const status = STATUSES.find((entry) => entry.metric === metric);
    const values = histogram.buckets.map((bucket, index) =>
      // A bucket that has not begun says nothing yet.
      (starts[index] ?? 0) > at ? null : Number(bucket[field]),
    );
    if (!status || !values.some((value) => (value ?? 0) > 0)) return [];
    return [{ id: metric, label: status.label, token: status.token, kind: 'bar', values }];
  });
  return {
    starts,
    end: last === undefined ? frame.bounds.to : bucketEnd(last, granularity, frame.zone),
    granularity,
    zone: frame.zone,
    unit: 'count',
    series,
    completeUntil: at,
    range: frame.bounds,
  };
}
