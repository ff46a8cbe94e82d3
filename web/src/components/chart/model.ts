import type { Granularity, Unit } from '@/api/types';
import type { StatusGlyph } from '@/lib/status';
import { chart as words } from '@/words';

/** One series over the buckets of a chart; `null` is a gap. */
export interface Series {
  id: string;
  label: string;
  /** A CSS custom property, such as `--completed`. */
  token: string;
  /** Bars stand on each other, because they add up; those that do not stand beside each other. */
  kind: 'bar' | 'beside' | 'line';
  values: (number | null)[];
  /** Fills lightly under a line. */
  area?: boolean;
  /** A line that is not known to be so, such as a forecast. */
  dashed?: boolean;
  /** The id of the line down to which a band is filled. */
  bandTo?: string;
  /** The comparison period: dashed, grey, not part of totals. */
  comparison?: boolean;
  /** What the label means, in a few words, for the legend. */
  hint?: string;
  /** The icon in the legend, where the colour has one: of a status. */
  glyph?: StatusGlyph;
  /** A line measured by the right axis, whose unit is `rightUnit`. */
  axis?: 'right';
}

/** A value to stay below or above: a line across the plot with its name. */
export interface Threshold {
  value: number;
  label: string;
  axis?: 'right';
}

/** What a mark on a chart says: a version was released, something was wrong, a figure changed, or someone noted it. */
export type MarkerKind = 'release' | 'incident' | 'change' | 'note';

/** Something that happened at a moment (epoch milliseconds): a line across the plot, with its name above. */
export interface Marker {
  at: number;
  /** When it was over; what has no end is one line, what has one is a band. */
  until?: number;
  label: string;
  kind: MarkerKind;
  /** It is not over: `until` is the present. */
  open?: boolean;
  /** The annotation that says it; what is only seen in the events has none. */
  annotation?: string;
}

/** What a time chart shows. Bucket starts are epoch milliseconds, ascending. */
export interface ChartData {
  starts: number[];
  /** The end of the last bucket. */
  end: number;
  granularity: Granularity;
  zone: string;
  unit: Unit;
  /** The unit of the right axis; there is one if a series names it. */
  rightUnit?: Unit;
  series: Series[];
  thresholds?: Threshold[];
  /** Buckets that end after this are not complete yet; null if all are complete. */
  completeUntil: number | null;
  /** Buckets from here on have not happened: their figures are a forecast. */
  forecastFrom?: number;
  /** The range that the figures are of: buckets that reach beyond it have only part of their time. */
  range: { from: number; to: number };
}

type Buckets = Pick<ChartData, 'starts' | 'end' | 'completeUntil' | 'forecastFrom' | 'range'>;

/** The margins of the plot inside its box, the same for every chart so that crosshairs line up. */
export const MARGIN = { left: 64, right: 52, top: 18, bottom: 24 };

/** The unit of a series, or of a threshold. */
export function unitOf(data: Pick<ChartData, 'unit' | 'rightUnit'>, of: { axis?: 'right' }): Unit {
  return of.axis === 'right' ? (data.rightUnit ?? data.unit) : data.unit;
}

/** The end of a bucket. */
export function endOf(data: Pick<Buckets, 'starts' | 'end'>, index: number): number {
  return data.starts[index + 1] ?? data.end;
}

/** Whether the figures of a bucket are a forecast. */
export function forecast(
  { starts, forecastFrom }: Pick<Buckets, 'starts' | 'forecastFrom'>,
  index: number,
): boolean {
  return forecastFrom !== undefined && (starts[index] ?? -Infinity) >= forecastFrom;
}

/** Why a bucket does not have all of its figures; null if it has. */
export function incomplete(data: Buckets, index: number): string | null {
  const [start, end] = [data.starts[index] ?? data.end, endOf(data, index)];
  if (forecast(data, index)) return words.forecast;
  if (data.completeUntil !== null && end > data.completeUntil) return words.notComplete;
  const { from, to } = data.range;
  return start < from || end > to ? words.partlyOutside : null;
}

/** The first bucket of the incomplete ones at the end, or the number of buckets if there are none. */
export function firstIncomplete(data: Buckets): number {
  const last = data.starts.findLastIndex((_, index) => incomplete(data, index) === null);
  return last + 1;
}

/** The bucket under a horizontal position in a plot of this width, clamped to the plot. */
export function indexAt(x: number, width: number, count: number): number {
  const plot = Math.max(1, width - MARGIN.left - MARGIN.right);
  const at = Math.floor(((x - MARGIN.left) / plot) * count);
  return Math.max(0, Math.min(count - 1, at));
}

/** The bucket that an instant is in; -1 if it is in none. */
export function bucketAt(data: Pick<Buckets, 'starts' | 'end'>, instant: number): number {
  if (instant >= data.end) return -1;
  // Ascending, so a search by halves: charts have up to 50,000 buckets, and pointers move often.
  let [low, high] = [0, data.starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((data.starts[middle] ?? Infinity) <= instant) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The horizontal position of an instant; null if it is outside of the chart. */
export function positionOf(
  data: Pick<Buckets, 'starts' | 'end'>,
  instant: number,
  width: number,
): number | null {
  const index = bucketAt(data, instant);
  const start = data.starts[index];
  if (start === undefined) return null;
  const part = (instant - start) / Math.max(1, endOf(data, index) - start);
  return edgeOf(index + part, width, data.starts.length);
}

/** The left edge of a bucket in a plot of this width; `count` gives the right edge of the last. */
export function edgeOf(index: number, width: number, count: number): number {
  const plot = Math.max(1, width - MARGIN.left - MARGIN.right);
  return MARGIN.left + (plot * index) / Math.max(1, count);
}
