import type { Series } from './model';
import { stackSums, type Scale } from './scale';
import { tallest, thinned } from './thin';

/** The share of a bucket's width that a bar fills, and the most pixels it may be wide. */
const BAR = { share: 0.78, widest: 48 };

/** The bars of one series as one path. */
export interface Bars {
  id: string;
  token: string;
  path: string;
}

export type Point = { x: number; y: number };

/** One line: its path, the area under it, and the points that have no neighbour to draw a line to. */
export interface Line {
  id: string;
  token: string;
  dashed: boolean;
  path: string;
  area: string | null;
  /** The area between this line and another. */
  band: string | null;
  dots: Point[];
  label: { x: number; y: number; text: string } | null;
}

/** The shape of a chart in its box: where values and buckets are. */
export interface Frame {
  /** Top and bottom of the plot. */
  top: number;
  floor: number;
  count: number;
  /** The width of a bucket, in pixels. */
  band: number;
  middle: (index: number) => number;
}

/** The vertical position of a value. */
export const heightOf = (frame: Frame, scale: Scale, value: number): number =>
  frame.floor - (frame.floor - frame.top) * scale.share(value);

/** Two decimals are finer than any screen, and keep paths short. */
const at = (value: number): string => String(Math.round(value * 100) / 100);

const columnOf =
  (frame: Frame) =>
  (index: number): number =>
    Math.floor(frame.middle(index));

/** The buckets whose bars are drawn: all, or the highest of each pixel column. */
function drawn(series: Series[], frame: Frame): number[] {
  if (frame.band >= 1) return Array.from({ length: frame.count }, (_, index) => index);
  return tallest(stackSums(series, frame.count), columnOf(frame));
}

/** The bars of every series, each stacked on those before it. */
export function stacked(series: Series[], scale: Scale, frame: Frame): Bars[] {
  const buckets = drawn(series, frame);
  const sums = new Map<number, number>();
  const width = Math.max(1, Math.min(BAR.widest, frame.band * BAR.share));
  return series.map(({ id, token, values }) => {
    let path = '';
    for (const index of buckets) {
      const value = values[index] ?? 0;
      if (value <= 0) continue;
      const below = sums.get(index) ?? 0;
      sums.set(index, below + value);
      const [top, bottom] = [heightOf(frame, scale, below + value), heightOf(frame, scale, below)];
      path += `M${at(frame.middle(index) - width / 2)} ${at(top)}h${at(width)}V${at(bottom)}h${at(-width)}Z`;
    }
    return { id, token, path };
  });
}

/** The bars of series that do not add up, side by side in each bucket. */
export function beside(
  series: Series[],
  scaleFor: (series: Series) => Scale,
  frame: Frame,
): Bars[] {
  const whole = Math.max(1, Math.min(BAR.widest * series.length, frame.band * BAR.share));
  const width = whole / Math.max(1, series.length);
  return series.map((one, place) => {
    const scale = scaleFor(one);
    const zero = heightOf(frame, scale, 0);
    // More buckets than pixels: the highest of each column.
    const buckets =
      frame.band >= 1
        ? one.values.keys()
        : tallest(
            one.values.map((value) => value ?? 0),
            columnOf(frame),
          );
    let path = '';
    for (const index of buckets) {
      const value = one.values[index] ?? 0;
      if (value <= 0) continue;
      const left = frame.middle(index) - whole / 2 + place * width;
      path += `M${at(left)} ${at(heightOf(frame, scale, value))}h${at(width)}V${at(zero)}h${at(-width)}Z`;
    }
    return { id: one.id, token: one.token, path };
  });
}

/** The stretches of a line, cut where a value is missing: gaps are gaps, not zeros. From the first to after the last. */
function runsOf(values: (number | null)[]): [number, number][] {
  const runs: [number, number][] = [];
  let start = -1;
  for (let index = 0; index <= values.length; index += 1) {
    const missing = (values[index] ?? null) === null;
    if (!missing && start < 0) start = index;
    if (missing && start >= 0) {
      runs.push([start, index]);
      start = -1;
    }
  }
  return runs;
}

const pathOf = (points: Point[]): string =>
  points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${at(x)} ${at(y)}`).join('');

/** The area between two lines, wherever both have a value. */
function bandOf(upper: Series, lower: Series, scale: Scale, frame: Frame): string {
  const both = upper.values.map((value, index) => (lower.values[index] == null ? null : value));
  const edge = (values: (number | null)[], from: number, to: number): Point[] =>
    values.slice(from, to).map((value, index) => ({
      x: frame.middle(from + index),
      y: heightOf(frame, scale, value ?? 0),
    }));
  return runsOf(both)
    .filter(([from, to]) => to - from > 1)
    .map(([from, to]) => {
      const around = [...edge(both, from, to), ...edge(lower.values, from, to).reverse()];
      return `${pathOf(around)}Z`;
    })
    .join('');
}

/**
 * One line of a chart; of points that share a pixel column, those that colour its pixels. With a `floor`, the band down
 * to that line.
 */
export function lineOf(series: Series, scale: Scale, frame: Frame, floor?: Series): Line {
  const { values } = series;
  const column = columnOf(frame);
  const point = (index: number): Point => ({
    x: frame.middle(index),
    y: heightOf(frame, scale, values[index] ?? 0),
  });
  const runs = runsOf(values);
  const long = runs
    .filter(([from, to]) => to - from > 1)
    .map(([from, to]) => thinned(values, from, to, column).map(point));
  const lonely = runs.flatMap(([from, to]) => (to - from === 1 ? [from] : []));
  const alone = lonely.map((index) => values[index] ?? 0);
  const dots = thinned(alone, 0, alone.length, (index) => column(lonely[index] ?? 0));
  // On an axis that begins below zero, what is negative hangs from the zero line.
  const zero = Math.min(frame.floor, heightOf(frame, scale, 0));
  const under = (run: Point[]): string => `${pathOf(run)}V${at(zero)}H${at(run[0]?.x ?? 0)}Z`;
  const last = runs.at(-1)?.[1];
  const end = last === undefined ? undefined : point(last - 1);
  return {
    id: series.id,
    token: series.comparison ? '--compare' : series.token,
    dashed: series.comparison ?? series.dashed ?? false,
    path: long.map(pathOf).join(''),
    area: series.area ? long.map(under).join('') : null,
    band: floor ? bandOf(series, floor, scale, frame) : null,
    dots: dots.map((index) => point(lonely[index] ?? 0)),
    label: end && !series.comparison ? { x: end.x + 6, y: end.y, text: series.label } : null,
  };
}
