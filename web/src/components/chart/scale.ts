import type { Unit } from '@/api/types';
import { logTicks, logDurationTicks, valueScale } from '@/lib/ticks';
import type { ChartData, Series } from './model';

/** The values with a tick, lowest first, and how far up the axis a value is (0 to 1). */
export interface Scale {
  ticks: number[];
  share: (value: number) => number;
}

/** How many steps a linear axis has, if its ticks are round enough. */
const STEPS = 4;
const MOST_LOG_TICKS = 7;

type Part = Pick<ChartData, 'starts' | 'series' | 'thresholds'>;

/** The part of a chart that one axis measures. */
export function partOf(data: ChartData, axis: 'right' | undefined): Part {
  const on = (of: { axis?: 'right' }): boolean => of.axis === axis;
  return {
    starts: data.starts,
    series: data.series.filter(on),
    thresholds: data.thresholds?.filter(on),
  };
}

/** The highest value of a list, and of lists of more entries than a function takes arguments. */
const largest = (values: (number | null)[]): number =>
  values.reduce<number>((top, value) => Math.max(top, value ?? 0), 0);

/** The sum of all bars of each bucket. */
export function stackSums(series: Series[], count: number): number[] {
  const sums = new Array<number>(count).fill(0);
  for (const { kind, values } of series) {
    if (kind === 'bar')
      values.forEach((value, index) => (sums[index] = (sums[index] ?? 0) + (value ?? 0)));
  }
  return sums;
}

/** The top of the highest stack, line or threshold. */
function highest({ series, starts, thresholds = [] }: Part): number {
  const lines = series.filter(({ kind }) => kind === 'line').map(({ values }) => largest(values));
  const marks = thresholds.map(({ value }) => value);
  return largest([...lines, ...marks, largest(stackSums(series, starts.length))]);
}

/** The lowest value above zero; 1 if there is none. */
function lowest({ series, thresholds = [] }: Part): number {
  let least = Infinity;
  const see = (value: number | null): void => {
    if (value !== null && value > 0 && value < least) least = value;
  };
  series.forEach(({ values }) => values.forEach(see));
  thresholds.forEach(({ value }) => see(value));
  return least === Infinity ? 1 : least;
}

const stepKind = (unit: Unit): 'milliseconds' | 'whole' | 'any' =>
  unit === 'milliseconds' ? 'milliseconds' : unit === 'count' ? 'whole' : 'any';

function logScale(part: Part, unit: Unit): Scale {
  const ticksOf = unit === 'milliseconds' ? logDurationTicks : logTicks;
  const ticks = ticksOf(lowest(part), highest(part), MOST_LOG_TICKS);
  const bottom = ticks[0] ?? 1;
  const [from, to] = [Math.log10(bottom), Math.log10(ticks.at(-1) ?? 10)];
  return {
    ticks,
    share: (value) => (Math.log10(Math.max(value, bottom)) - from) / (to - from),
  };
}

/** The scale of one axis. The right axis takes the steps of the left, so that one grid serves both. */
export function scaleOf(part: Part, unit: Unit, log: boolean, steps?: number): Scale {
  // The length of a bar is its value only on an axis from zero.
  if (log && part.series.every(({ kind }) => kind === 'line')) return logScale(part, unit);
  const most = highest(part);
  // Bytes are said in powers of 1,024, so their ticks are round in the one that the axis is in.
  const one = unit === 'bytes' ? 1024 ** Math.floor(Math.log2(Math.max(1, most)) / 10) : 1;
  const scale = valueScale(most / one, steps ?? STEPS, stepKind(unit));
  const step = scale.step * one;
  const count = steps ?? Math.round(scale.top / scale.step);
  const top = count * step;
  return {
    ticks: Array.from({ length: count + 1 }, (_, index) => index * step),
    share: (value) => value / top,
  };
}
