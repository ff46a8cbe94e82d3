import type { Granularity, Unit } from '@/api/types';

/** One series over the buckets of a chart; `null` is a gap. */
export interface Series {
  id: string;
  label: string;
  /** A CSS custom property, such as `--completed`. */
  token: string;
  kind: 'bar' | 'line';
  values: (number | null)[];
  /** Fills lightly under a line. */
  area?: boolean;
  /** The comparison period: dashed, grey, not part of totals. */
  comparison?: boolean;
}

/** What a time chart shows. Bucket starts are epoch milliseconds, ascending. */
export interface ChartData {
  starts: number[];
  /** The end of the last bucket. */
  end: number;
  granularity: Granularity;
  zone: string;
  unit: Unit;
  series: Series[];
  /** Buckets that end after this are not complete yet; null if all are complete. */
  completeUntil: number | null;
}

/** The margins of the plot inside its box, the same for every chart so that crosshairs line up. */
export const MARGIN = { left: 56, right: 44, top: 14, bottom: 24 };

/** The end of a bucket. */
export function endOf(data: ChartData, index: number): number {
  return data.starts[index + 1] ?? data.end;
}

/** The first bucket that is not complete yet, or the number of buckets if all are complete. */
export function firstIncomplete(data: ChartData): number {
  if (data.completeUntil === null) return data.starts.length;
  const until = data.completeUntil;
  const found = data.starts.findIndex((_, index) => endOf(data, index) > until);
  return found < 0 ? data.starts.length : found;
}

/** The bucket under a horizontal position in a plot of this width, clamped to the plot. */
export function indexAt(x: number, width: number, count: number): number {
  const plot = Math.max(1, width - MARGIN.left - MARGIN.right);
  const at = Math.floor(((x - MARGIN.left) / plot) * count);
  return Math.max(0, Math.min(count - 1, at));
}

/** The left edge of a bucket in a plot of this width; `count` gives the right edge of the last. */
export function edgeOf(index: number, width: number, count: number): number {
  const plot = Math.max(1, width - MARGIN.left - MARGIN.right);
  return MARGIN.left + (plot * index) / Math.max(1, count);
}
