import type { Completeness, QueryResult, Row, Unit } from '@/api/types';
import type { ChartData, Series } from '@/components/chart/model';
import { bucketEnd } from '@/lib/granularity';
import { STATUSES } from '@/lib/status';
import { numberOf } from '../rows';
import type { View } from '../view';

const column = (rows: Row[], metric: string): (number | null)[] =>
  rows.map((row) => numberOf(row, metric));

/** The time up to which all data has arrived: what the server states, but never later than its response at `at`. */
export function completeUntil(completeness: Completeness, at: number): number {
  const until = completeness.completeUntil ? Date.parse(completeness.completeUntil) : at;
  return Math.min(until, at);
}

/** The buckets of a result, ready for a chart; `at` is when the response arrived (epoch milliseconds). */
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

/** What the comparison of a result is called. */
export function comparisonName(result: QueryResult): string {
  return result.query.compare === 'previous_year' ? 'Previous year' : 'Previous period';
}

function comparisonSeries(result: QueryResult, metric: string, name: string): Series[] {
  const rows = result.comparison;
  if (!rows || rows.length === 0) return [];
  return [
    {
      id: `${metric} comparison`,
      label: `${name}, ${comparisonName(result).toLowerCase()}`,
      token: '--compare',
      kind: 'line',
      values: result.rows.map((_, index) => numberOf(rows[index], metric)),
      comparison: true,
    },
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
  return [...occurring, ...comparisonSeries(result, 'executions', 'Executions')];
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
  return [bars, ...comparisonSeries(result, 'errors', 'Errors')];
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
  return [...lines, ...comparisonSeries(result, 'duration_p95', 'p95')];
}

/** The sum of a metric over all buckets. */
export function sumOf(result: QueryResult, metric: string): number {
  return result.rows.reduce((sum, row) => sum + (numberOf(row, metric) ?? 0), 0);
}
