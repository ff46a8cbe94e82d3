import type { Granularity } from '@/api/types';
import type { ServiceLevel, ServiceSeries } from '@/api/workflow';
import type { ChartData, Series } from '@/components/chart/model';
import type { Asked } from '@/lib/answer';
import { bucketMs } from '@/lib/granularity';
import { workflow as words } from '@/words';
import type { View } from '../../view';

const SAID = words.service;
const GRANULARITIES: Record<string, Granularity> = { '1h': 'hour', '1d': 'day' };

/** A level that is not to be passed, drawn as a dashed line. */
const limit = (label: string, value: number, count: number): Series => ({
  id: 'limit',
  label,
  token: '--compare',
  kind: 'line',
  comparison: true,
  values: Array.from({ length: count }, () => value),
});

function frameOf(data: ServiceSeries & Asked): Omit<ChartData, 'series'> {
  const starts = data.timeseries.map((point) => Date.parse(point.timestamp));
  const granularity = GRANULARITIES[data.bucket] ?? 'hour';
  const range = { from: Date.parse(data.range.from), to: Date.parse(data.range.to) };
  return {
    starts,
    end: range.to,
    granularity,
    zone: data.frame.zone,
    unit: 'percent',
    completeUntil: Math.min(data.at, range.to + bucketMs(granularity)),
    range,
  };
}

/** A page's view, narrowed to what the answer is about: the window of the service level, in its buckets. */
export function viewOf(view: View, { bucket, range }: ServiceSeries): View {
  const bounds = { from: Date.parse(range.from), to: Date.parse(range.to) };
  return {
    ...view,
    bounds,
    range: { kind: 'absolute', ...bounds },
    relative: false,
    granularity: GRANULARITIES[bucket] ?? 'hour',
  };
}

/** Whether a bucket has begun when the answer arrived: of the others nothing is known. */
const begun = (data: ServiceSeries & Asked): boolean[] =>
  data.timeseries.map((point) => Date.parse(point.timestamp) <= data.at);

/** The share of runs that failed in each bucket, and the share that may. */
export function failureRate(data: ServiceSeries & Asked, mayFail: number): ChartData {
  const values = data.timeseries.map((point) =>
    point.runsCount > 0 ? (100 * point.runsError) / point.runsCount : null,
  );
  const rate: Series = {
    id: 'rate',
    label: SAID.failureRate,
    token: '--failed',
    kind: 'line',
    area: true,
    values,
  };
  return { ...frameOf(data), series: [rate, limit(SAID.mayFailLimit, mayFail, values.length)] };
}

/** How much of the error budget of the whole window was left at the end of each bucket: below zero once it is overspent. */
export function budgetLeftOver(
  data: ServiceSeries & Asked,
  current: Pick<ServiceLevel['current'], 'allowedFailures'>,
): ChartData {
  let failed = 0;
  const known = begun(data);
  const values = data.timeseries.map((point, at) => {
    failed += point.runsError;
    return known[at] && current.allowedFailures > 0
      ? 100 - (100 * failed) / current.allowedFailures
      : null;
  });
  const left: Series = {
    id: 'left',
    label: SAID.budgetLeft,
    token: '--series-1',
    kind: 'line',
    area: true,
    values,
  };
  return {
    ...frameOf(data),
    series: [left],
    thresholds: [{ value: 0, label: SAID.allSpent }],
  };
}
