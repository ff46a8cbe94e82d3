import type { Row } from '@/api/types';
import type { ChartData, Series } from '@/components/chart/model';
import type { Answer } from '@/lib/answer';
import { bucketEnd, bucketStart } from '@/lib/granularity';
import { bucketsOf } from './board/series';
import { numberOf, textOf } from './rows';

/** Every bucket as a row: a split answer repeats them for each part, and has none for times without figures. */
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

/** A part of an answer: the values of its dimensions. */
export type Part = (string | null)[];

/** How the parts of an answer are drawn. */
export interface PartsLook {
  dimensions: string[];
  metric: string;
  kind: Series['kind'];
  area?: boolean;
  /** What a bucket without a row has: nothing was counted, or nothing is known. */
  absent: 0 | null;
  /** The name of a part, and its own colour and icon if it has them. */
  look: (part: Part) => Pick<Series, 'label' | 'glyph'> & { token?: string };
  /** The name of the sum of the parts that are not listed. */
  other: (groups: number) => string;
}

/** No value of a dimension is the same as another series. */
const idOf = (dimensions: string[], part: Part): string =>
  dimensions
    .map((name, index) => (part[index] === null ? name : `${name} ${part[index]}`))
    .join(' ');

const sum = (values: (number | null)[]): number =>
  values.reduce<number>((all, value) => all + (value ?? 0), 0);

/** Colours of parts that have none of their own. */
const COLOURS = 8;

/** A metric of an answer over time that is split by dimensions, as a series for each part: the largest first. */
export function splitSeries(
  answer: Answer,
  look: PartsLook,
): Omit<ChartData, 'unit' | 'rightUnit'> {
  const { dimensions, metric, kind, area, absent } = look;
  const buckets = bucketRows(answer);
  const place = new Map(buckets.map((row, index) => [String(row.time), index]));
  const valuesOf = (rows: Row[]): (number | null)[] => {
    const values = buckets.map((): number | null => absent);
    for (const row of rows) {
      const at = place.get(String(row.time));
      if (at !== undefined) values[at] = numberOf(row, metric) ?? absent;
    }
    return values;
  };
  const parts = new Map<string, { part: Part; rows: Row[] }>();
  for (const row of answer.rows) {
    const part = dimensions.map((name) => textOf(row, name));
    const id = idOf(dimensions, part);
    const known = parts.get(id);
    if (known) known.rows.push(row);
    else parts.set(id, { part, rows: [row] });
  }
  const drawn = [...parts].map(([id, { part, rows }]) => ({ id, part, values: valuesOf(rows) }));
  drawn.sort((a, b) => sum(b.values) - sum(a.values));
  const series = drawn.map(({ id, part, values }, index): Series => {
    const { token = `--series-${(index % COLOURS) + 1}`, ...named } = look.look(part);
    return { id, ...named, token, kind, area, values };
  });
  const rest = answer.other?.rows ?? [];
  if (rest.length > 0) {
    const groups = Math.max(...rest.map((row) => numberOf(row, 'groups') ?? 0));
    const label = look.other(groups);
    series.push({ id: 'other', label, token: '--canceled', kind, area, values: valuesOf(rest) });
  }
  return { ...bucketsOf({ ...answer, rows: buckets }), series };
}
