import type { Row } from '@/api/types';
import type { ChartData, Series } from '@/components/chart/model';
import type { Answer } from '@/lib/answer';
import { bucketEnd, bucketStart } from '@/lib/granularity';
import { bucketsOf } from '../board/series';
import { nameOf, numberOf, textOf } from '../rows';

/** How many parts are drawn by themselves; the rest is summed. */
export const MOST_PARTS = 7;

/** Every bucket as a row: a split answer repeats them for each part, and has none for times without costs. */
function bucketRows(answer: Answer): Row[] {
  const { bounds, extent, zone, granularity: asked } = answer.frame;
  const granularity = answer.query.granularity ?? asked;
  const rows = [...answer.rows, ...(answer.other?.rows ?? [])];
  const times = new Map(rows.map(({ time }) => [Date.parse(String(time)), String(time)]));
  const until = Math.min(bounds.to, answer.at);
  // Before the first event of the project, nothing is known.
  let start = bucketStart(Math.max(bounds.from, extent?.first ?? bounds.from), granularity, zone);
  for (; start < until && times.size > 0; start = bucketEnd(start, granularity, zone)) {
    if (!times.has(start)) times.set(start, new Date(start).toISOString());
  }
  return [...times].sort(([a], [b]) => a - b).map(([, time]) => ({ time }));
}

/** The costs of an answer that is split by a dimension, as bars on top of each other: the largest part first. */
export function costSeries(
  answer: Answer,
  dimension: string,
  names: { none: string; other: (groups: number) => string },
): ChartData {
  const buckets = bucketRows(answer);
  const place = new Map(buckets.map((row, index) => [String(row.time), index]));
  const parts = new Map<string | null, number[]>();
  const put = (key: string | null, row: Row): void => {
    const values = parts.get(key) ?? buckets.map(() => 0);
    const at = place.get(String(row.time));
    if (at !== undefined) values[at] = (values[at] ?? 0) + (numberOf(row, 'cost') ?? 0);
    parts.set(key, values);
  };
  for (const row of answer.rows) put(textOf(row, dimension), row);
  const sum = (values: number[]): number => values.reduce((all, value) => all + value, 0);
  const ordered = [...parts].sort(([, a], [, b]) => sum(b) - sum(a));
  const series = ordered.map(([key, values], index): Series => ({
    // No value of a dimension is the same as another series.
    id: key === null ? dimension : `${dimension} ${key}`,
    label: key === null ? names.none : nameOf(answer, dimension, key),
    token: `--series-${index + 1}`,
    kind: 'bar',
    values,
  }));
  const rest = answer.other?.rows ?? [];
  if (rest.length > 0) {
    const values = buckets.map(() => 0);
    for (const row of rest) values[place.get(String(row.time)) ?? 0] = numberOf(row, 'cost') ?? 0;
    const groups = Math.max(...rest.map((row) => numberOf(row, 'groups') ?? 0));
    const label = names.other(groups);
    series.push({ id: 'other', label, token: '--canceled', kind: 'bar', values });
  }
  return { ...bucketsOf({ ...answer, rows: buckets }), unit: 'usd', series };
}
