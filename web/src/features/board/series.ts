import type { Completeness, QueryResult, Row, Unit } from '@/api/types';
import type { ChartData, Series } from '@/components/chart/model';
import { bucketEnd } from '@/lib/granularity';
import { STATUSES } from '@/lib/status';
import { numberOf } from '../rows';
import type { View } from '../view';

const column = (rows: Row[], metric: string): (number | null)[] =>
  rows.map((row) => numberOf(row, metric));

/** The time until which all data is in: what the server says, and never later than now. */
export function completeUntil(completeness: Completeness, asked: number): number {
  const until = completeness.completeUntil ? Date.parse(completeness.completeUntil) : asked;
  return Math.min(until, asked);
}

/** The buckets of an answer, ready for a chart; `at` is when it was given (epoch milliseconds). */
export function chartData(
  result: QueryResult,
  view: View,
  unit: Unit,
  series: Series[],
  at: number,
): ChartData {
  const granularity = result.query.granularity ?? view.granularity;
  const starts = result.rows.map((row) => Date.parse(String(row.time)));
  const last = starts.at(-1);
  return {
    starts,
    end: last === undefined ? view.bounds.to : bucketEnd(last, granularity, view.zone),
    granularity,
    zone: view.zone,
    unit,
    series,
    completeUntil: completeUntil(result.meta.completeness, at),
  };
}

function comparisonSeries(result: QueryResult, metric: string, label: string): Series[] {
  const rows = result.comparison;
  if (!rows || rows.length === 0) return [];
  const values = result.rows.map((_, index) => numberOf(rows[index], metric));
  return [
    { id: `${metric} before`, label, token: '--compare', kind: 'line', values, comparison: true },
  ];
}

/** Executions by status, stacked; statuses that never occur are left out. */
export function statusSeries(result: QueryResult, hidden: Set<string>): Series[] {
  const bars = STATUSES.filter((status) => !hidden.has(status.metric)).map((status): Series => ({
    id: status.metric,
    label: status.label,
    token: status.token,
    kind: 'bar',
    values: column(result.rows, status.metric),
  }));
  const occurring = bars.filter((bar) => bar.values.some((value) => (value ?? 0) > 0));
  return [...occurring, ...comparisonSeries(result, 'executions', 'Executions before')];
}

/** Failed and crashed executions. */
export function errorSeries(result: QueryResult): Series[] {
  const bars: Series = {
    id: 'errors',
    label: 'Errors',
    token: '--failed',
    kind: 'bar',
    values: column(result.rows, 'errors'),
  };
  return [bars, ...comparisonSeries(result, 'errors', 'Errors before')];
}

/** Typical and slow durations. */
export function durationSeries(result: QueryResult): Series[] {
  const lines: Series[] = [
    {
      id: 'duration_p95',
      label: 'p95',
      token: '--series-1',
      kind: 'line',
      area: true,
      values: column(result.rows, 'duration_p95'),
    },
    {
      id: 'duration_p50',
      label: 'p50',
      token: '--series-2',
      kind: 'line',
      values: column(result.rows, 'duration_p50'),
    },
  ];
  return [...lines, ...comparisonSeries(result, 'duration_p95', 'p95 before')];
}

/** The sum of a metric over all buckets. */
export function sumOf(result: QueryResult, metric: string): number {
  return result.rows.reduce((sum, row) => sum + (numberOf(row, metric) ?? 0), 0);
}
