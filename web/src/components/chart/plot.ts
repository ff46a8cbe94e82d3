import type { Unit } from '@/api/types';
import { axisFigure } from '@/lib/format';
import { logDurationTicks, timeTicks, valueScale } from '@/lib/ticks';
import { edgeOf, MARGIN, type ChartData, type Series } from './model';

/** The room that one label of the time axis needs, in pixels. */
const LABEL_WIDTH = 58;
const LABEL_HEIGHT = 13;
/** The share of a bucket's width that a bar fills, and the most pixels it may be wide. */
const BAR = { share: 0.78, widest: 48 };
/** So many lines are named next to their ends: one has the chart's title, and more need a legend above the chart. */
const LABELLED = { least: 2, most: 5 };

/** The bars of one series as one path. */
export interface Bars {
  id: string;
  token: string;
  path: string;
}

/** One line: its path, the area under it, and the points that have no neighbour to draw a line to. */
export interface Line {
  id: string;
  token: string;
  dashed: boolean;
  path: string;
  area: string | null;
  dots: { x: number; y: number }[];
  label: { x: number; y: number; text: string } | null;
}

/** Everything that a time chart draws, in pixels from the top left of its box. */
export interface Plot {
  values: { y: number; text: string }[];
  times: { x: number; middle: number; text: string }[];
  bars: Bars[];
  lines: Line[];
}

/** The top of the highest stack or line. */
function highest(data: ChartData): number {
  return data.starts.reduce((top, _, index) => {
    let stack = 0;
    let single = 0;
    for (const series of data.series) {
      const value = series.values[index] ?? 0;
      if (series.kind === 'bar') stack += value;
      else single = Math.max(single, value);
    }
    return Math.max(top, stack, single);
  }, 0);
}

function lowest(data: ChartData): number {
  const values = data.series.flatMap((series) => series.values);
  const positive = values.filter((value): value is number => value !== null && value > 0);
  return positive.reduce((least, value) => Math.min(least, value), positive[0] ?? 1);
}

/** The values with a tick, lowest first, and how far up the axis a value is (0 to 1). */
interface Scale {
  ticks: number[];
  share: (value: number) => number;
}

const stepKind = (unit: Unit): 'milliseconds' | 'whole' | 'any' =>
  unit === 'milliseconds' ? 'milliseconds' : unit === 'count' ? 'whole' : 'any';

function scaleOf(data: ChartData, log: boolean): Scale {
  const top = highest(data);
  if (log) {
    const ticks = logDurationTicks(lowest(data), top, 7);
    const [from, to] = [Math.log10(ticks[0] ?? 1), Math.log10(ticks.at(-1) ?? 10)];
    return { ticks, share: (value) => (Math.log10(Math.max(value, 1)) - from) / (to - from) };
  }
  const scale = valueScale(top, 4, stepKind(data.unit));
  const steps = Math.round(scale.top / scale.step);
  return {
    ticks: Array.from({ length: steps + 1 }, (_, index) => index * scale.step),
    share: (value) => value / scale.top,
  };
}

/** The shape of a chart in its box: where values and buckets are. */
interface Frame {
  y: (value: number) => number;
  middle: (index: number) => number;
  floor: number;
}

/** Two decimals are finer than any screen, and keep paths short. */
const at = (value: number): string => String(Math.round(value * 100) / 100);

/** The bars of every series, each stacked on those before it. */
function stacked(series: Series[], count: number, frame: Frame, band: number): Bars[] {
  const sums = Array.from({ length: count }, () => 0);
  const width = Math.max(1, Math.min(BAR.widest, band * BAR.share));
  return series.map(({ id, token, values }) => {
    let path = '';
    for (let index = 0; index < count; index += 1) {
      const value = values[index] ?? 0;
      if (value <= 0) continue;
      const below = sums[index] ?? 0;
      sums[index] = below + value;
      const [top, bottom] = [frame.y(below + value), frame.y(below)];
      path += `M${at(frame.middle(index) - width / 2)} ${at(top)}h${at(width)}V${at(bottom)}h${at(-width)}Z`;
    }
    return { id, token, path };
  });
}

type Point = { x: number; y: number };

/** The points of a line, cut where a value is missing: gaps are gaps, not zeros. */
function runsOf(values: (number | null)[], frame: Frame): Point[][] {
  const runs: Point[][] = [];
  let open: Point[] | null = null;
  values.forEach((value, index) => {
    if (value === null) {
      open = null;
      return;
    }
    const point = { x: frame.middle(index), y: frame.y(value) };
    if (open) open.push(point);
    else runs.push((open = [point]));
  });
  return runs;
}

const pathOf = (points: Point[]): string =>
  points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${at(x)} ${at(y)}`).join('');

function lineOf(series: Series, frame: Frame): Line {
  const runs = runsOf(series.values, frame);
  const long = runs.filter((run) => run.length > 1);
  const under = (run: Point[]): string =>
    `${pathOf(run)}V${at(frame.floor)}H${at(run[0]?.x ?? 0)}Z`;
  const end = runs.at(-1)?.at(-1);
  return {
    id: series.id,
    token: series.comparison ? '--compare' : series.token,
    dashed: series.comparison ?? false,
    path: long.map(pathOf).join(''),
    area: series.area ? long.map(under).join('') : null,
    dots: runs.filter((run) => run.length === 1).flat(),
    label: end && !series.comparison ? { x: end.x + 6, y: end.y, text: series.label } : null,
  };
}

/** Moves labels down where they would cover the one above. */
function spread(lines: Line[]): void {
  const labels = lines.flatMap(({ label }) => label ?? []).sort((a, b) => a.y - b.y);
  let free = -Infinity;
  for (const label of labels) {
    label.y = Math.max(label.y, free);
    free = label.y + LABEL_HEIGHT;
  }
}

/** Lays out a time chart in a box of this size. */
export function plotOf(data: ChartData, width: number, height: number, log: boolean): Plot {
  const count = data.starts.length;
  const scale = scaleOf(data, log);
  const floor = height - MARGIN.bottom;
  const frame: Frame = {
    y: (value) => floor - (floor - MARGIN.top) * scale.share(value),
    middle: (index) => edgeOf(index + 0.5, width, count),
    floor,
  };
  const room = Math.max(2, Math.floor((width - MARGIN.left - MARGIN.right) / LABEL_WIDTH));
  const times = [...timeTicks(data.starts, data.zone, room)].map(([index, text]) => ({
    x: edgeOf(index, width, count),
    middle: frame.middle(index),
    text,
  }));
  const bars = data.series.filter((series) => series.kind === 'bar');
  const lines = data.series
    .filter((series) => series.kind === 'line')
    .map((series) => lineOf(series, frame));
  const named = lines.filter((line) => line.label);
  if (named.length < LABELLED.least || named.length > LABELLED.most) {
    named.forEach((line) => (line.label = null));
  }
  spread(lines);
  return {
    values: scale.ticks.map((value) => ({
      y: frame.y(value),
      text: axisFigure(value, data.unit),
    })),
    times,
    bars: stacked(bars, count, frame, edgeOf(1, width, count) - edgeOf(0, width, count)),
    lines,
  };
}
