import type { Comparison, Granularity, MetricInfo, QueryResult, Row, Unit } from '@/api/types';
import { firstIncomplete, type ChartData, type Series } from '@/components/chart/model';
import type { Comparability } from '@/components/Delta';
import type { Answer } from '@/lib/answer';
import { bucketEnd } from '@/lib/granularity';
import { STATUSES } from '@/lib/status';
import { board as words } from '@/words';
import { numberOf } from '../rows';

/** The time up to which all data has arrived: what the server states, but never later than its answer. */
export function completeUntil({ meta, at }: Pick<Timed, 'meta' | 'at'>): number {
  const stated = meta.completeness.completeUntil;
  return Math.min(stated ? Date.parse(stated) : at, at);
}

/**
 * Whether nothing is known about a bucket: it lies before the first event of the project, has not begun, or is empty
 * within a time in which a source that usually sends sent nothing. It is drawn as a gap, because 0 would be a claim.
 */
function absent(answer: Timed, row: Row, end: number): boolean {
  const start = Date.parse(String(row.time));
  const { extent } = answer.frame;
  if (start > answer.at || !extent || end <= extent.first) return true;
  const empty = Object.values(row).every((value) => typeof value !== 'number' || value === 0);
  const { gaps } = answer.meta.completeness;
  return empty && gaps.some((gap) => Date.parse(gap.from) <= start && end <= Date.parse(gap.to));
}

/** A metric over the rows of an answer, or of its comparison; buckets about which nothing is known are gaps. */
function column(answer: Timed, rows: Row[], metric: string): (number | null)[] {
  return rows.map((row, index) => {
    const value = numberOf(row, metric);
    if (value === null) return null;
    const next = rows[index + 1]?.time;
    const start = Date.parse(String(row.time));
    const { granularity } = answer.query;
    const end = next
      ? Date.parse(String(next))
      : bucketEnd(start, granularity ?? 'day', answer.frame.zone);
    return absent(answer, row, end) ? null : value;
  });
}

/** What an answer must have to be drawn over time. */
export type Timed = Pick<Answer, 'frame' | 'at' | 'rows'> & {
  query: { granularity?: Granularity | null };
  meta: Pick<Answer['meta'], 'completeness'>;
};

/** A metric over the buckets of an answer. */
export const metricSeries = (answer: Timed, metric: string): (number | null)[] =>
  column(answer, answer.rows, metric);

/** The buckets of an answer. */
export function bucketsOf(
  answer: Timed,
): Pick<ChartData, 'starts' | 'end' | 'granularity' | 'zone' | 'completeUntil' | 'range'> {
  const { zone, bounds, granularity: asked } = answer.frame;
  const granularity = answer.query.granularity ?? asked;
  const starts = answer.rows.map((row) => Date.parse(String(row.time)));
  const last = starts.at(-1);
  return {
    starts,
    end: last === undefined ? bounds.to : bucketEnd(last, granularity, zone),
    granularity,
    zone,
    completeUntil: completeUntil(answer),
    range: bounds,
  };
}

/** The buckets of an answer with series, ready for a chart. */
export function chartData(answer: Answer, unit: Unit, series: Series[]): ChartData {
  return { ...bucketsOf(answer), unit, series };
}

/** A metric over the buckets of an answer, as a sparkline draws it. */
export function trendOf(
  answer: Answer,
  metric: string,
): { values: (number | null)[]; openFrom: number } {
  const values = column(answer, answer.rows, metric);
  return { values, openFrom: firstIncomplete(bucketsOf(answer)) };
}

/** A metric over the buckets of an answer as a line. */
export function lineOf(answer: Answer, metric: string, label: string, token: string): Series {
  return { id: metric, label, token, kind: 'line', values: column(answer, answer.rows, metric) };
}

/** What a result is compared with. */
export function comparisonOf(result: QueryResult): Comparison {
  return result.query.compare === 'previous_year' ? 'previous_year' : 'previous_period';
}

/** The line of the comparison period; there is none if the period cannot be compared with. */
export function comparisonSeries(
  result: Answer,
  metric: string,
  name: string,
  comparable: Comparability | undefined,
): Series[] {
  const rows = result.comparison;
  if (!rows || rows.length === 0 || !comparable?.possible) return [];
  const values = column(result, rows, metric);
  return [
    {
      id: `${metric} comparison`,
      label: words.compared(name, words.inComparison[comparisonOf(result)]),
      token: '--compare',
      kind: 'line',
      values: result.rows.map((_, index) => values[index] ?? null),
      comparison: true,
    },
  ];
}

/** Executions by status, stacked; statuses that never occur are left out. */
export function statusSeries(
  result: Answer,
  hidden: string[],
  comparable?: Comparability,
): Series[] {
  const bars = STATUSES.filter((status) => !hidden.includes(status.metric)).map(
    (status): Series => ({
      id: status.metric,
      label: status.label,
      token: status.token,
      glyph: status.glyph,
      kind: 'bar',
      values: column(result, result.rows, status.metric),
    }),
  );
  const occurring = bars.filter((bar) => bar.values.some((value) => (value ?? 0) > 0));
  return [
    ...occurring,
    ...comparisonSeries(result, 'executions', words.executions.title, comparable),
  ];
}

/** Failed and crashed executions. */
export function errorSeries(result: Answer, comparable?: Comparability): Series[] {
  const bars: Series = {
    id: 'errors',
    label: words.errors.what,
    token: '--failed',
    kind: 'bar',
    values: column(result, result.rows, 'errors'),
  };
  return [bars, ...comparisonSeries(result, 'errors', words.errors.what, comparable)];
}

/** One figure: bars if its buckets add up, otherwise a line. */
export function figureSeries(
  result: Answer,
  metric: MetricInfo,
  comparable?: Comparability,
): Series[] {
  const sums = metric.unit === 'count' && metric.name !== 'users';
  const one: Series = {
    id: metric.name,
    label: metric.label,
    token: STATUSES.find((status) => status.metric === metric.name)?.token ?? '--series-1',
    kind: sums || metric.name === 'cost' ? 'bar' : 'line',
    values: column(result, result.rows, metric.name),
    area: true,
  };
  return [one, ...comparisonSeries(result, metric.name, metric.label, comparable)];
}

/** Typical and slow durations. */
export function durationSeries(result: Answer, comparable?: Comparability): Series[] {
  const lines: Series[] = [
    {
      id: 'duration_p95',
      label: words.p95,
      hint: words.durations.p95,
      token: '--series-1',
      kind: 'line',
      area: true,
      values: column(result, result.rows, 'duration_p95'),
    },
    {
      id: 'duration_p50',
      label: words.p50,
      hint: words.durations.p50,
      token: '--series-2',
      kind: 'line',
      values: column(result, result.rows, 'duration_p50'),
    },
  ];
  return [...lines, ...comparisonSeries(result, 'duration_p95', words.p95, comparable)];
}

/** The sum of a metric over all buckets. */
export function sumOf(result: QueryResult, metric: string): number {
  return result.rows.reduce((sum, row) => sum + (numberOf(row, metric) ?? 0), 0);
}
