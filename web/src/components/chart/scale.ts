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
/** All of it, in percent. */
const WHOLE = 100;

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
  const lines = series.filter(({ kind }) => kind !== 'bar').map(({ values }) => largest(values));
  const marks = thresholds.map(({ value }) => value);
  return largest([...lines, ...marks, largest(stackSums(series, starts.length))]);
}

/** How far the lines go below zero; 0 if none does. */
const below = ({ series }: Part): number =>
  series.reduce(
    (least, { kind, values }) =>
      kind === 'line'
        ? values.reduce<number>((lowest, value) => Math.min(lowest, value ?? 0), least)
        : least,
    0,
  );

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

/** How much an axis grows that must have a number of steps and does not reach far enough with them. */
const GROWTH = 1.25;

/** The steps of a linear axis. It begins at zero, or, if a line goes below it, at the step under its lowest point. */
function stepsOf(part: Part, unit: Unit, steps: number | undefined) {
  const [low, high] = [below(part), highest(part)];
  // Bytes are said in powers of 1,024, so their ticks are round in the one that the axis is in.
  const one = unit === 'bytes' ? 1024 ** Math.floor(Math.log2(Math.max(1, high)) / 10) : 1;
  for (let length = high - low; ; length *= GROWTH) {
    const step = one * valueScale(length / one, steps ?? STEPS, stepKind(unit)).step;
    const under = Math.ceil(-low / step - 1e-9);
    const count = under + Math.ceil(high / step - 1e-9);
    // Not `<=`: what is no number must end the search, too.
    if (!(count > (steps ?? Infinity))) {
      return { step, bottom: under === 0 ? 0 : -under * step, count: steps ?? (count || STEPS) };
    }
  }
}

/** The scale of one axis. The right axis takes the steps of the left, so that one grid serves both. */
export function scaleOf(part: Part, unit: Unit, log: boolean, steps?: number): Scale {
  // The length of a bar is its value only on an axis from zero.
  if (log && part.series.every(({ kind }) => kind === 'line')) return logScale(part, unit);
  const found = stepsOf(part, unit, steps);
  const { bottom, count } = found;
  // A share of a whole is at most the whole, however many steps the other axis has.
  const beyond =
    unit === 'percent' && bottom === 0 && highest(part) <= WHOLE && count * found.step > WHOLE;
  const step = beyond ? WHOLE / count : found.step;
  const length = count * step;
  return {
    ticks: Array.from({ length: count + 1 }, (_, index) => bottom + index * step),
    share: (value) => (value - bottom) / length,
  };
}

/** The scales of the left and the right axis; the same one if nothing is measured by the right. */
export function scalesOf(data: ChartData, log: boolean): { left: Scale; right: Scale } {
  const leftOf = (steps?: number): Scale => scaleOf(partOf(data, undefined), data.unit, log, steps);
  const left = leftOf();
  if (!data.series.some(({ axis }) => axis === 'right')) return { left, right: left };
  const unit = data.rightUnit ?? data.unit;
  const rightOf = ({ ticks }: Scale): Scale =>
    scaleOf(partOf(data, 'right'), unit, false, ticks.length - 1);
  const right = rightOf(left);
  const thirds = unit === 'percent' && left.ticks.length === 4 && right.ticks.at(-1) === WHOLE;
  if (!thirds) return { left, right };
  // Quarters of a whole are round figures.
  const quarters = leftOf(4);
  return { left: quarters, right: rightOf(quarters) };
}
