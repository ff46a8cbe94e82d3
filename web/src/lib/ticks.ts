import { dayNumber, say, wallAt, weekday, type Wall } from './zone';

interface Level {
  /** About how far apart its ticks are (milliseconds). */
  ms: number;
  /** Equal for instants between two ticks of this level. */
  key: (wall: Wall) => number;
  /** Whether a wall clock time is exactly on a tick. */
  aligned: (wall: Wall) => boolean;
  label: (wall: Wall) => string;
}

const minutesOfDay = (w: Wall): number => w.hour * 60 + w.minute;
const timeLabel = (w: Wall): string => (minutesOfDay(w) === 0 ? say.day(w) : say.time(w));
const midnight = (w: Wall): boolean => minutesOfDay(w) === 0;

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const clock = (step: number): Level => ({
  ms: step * MINUTE_MS,
  key: (w) => dayNumber(w) * 1440 + Math.floor(minutesOfDay(w) / step),
  aligned: (w) => minutesOfDay(w) % step === 0,
  label: timeLabel,
});
const days = (step: number): Level => ({
  ms: step * DAY_MS,
  key: (w) => Math.floor(dayNumber(w) / step),
  aligned: (w) => midnight(w) && dayNumber(w) % step === 0,
  label: say.day,
});
const weeks = (step: number): Level => ({
  ms: step * 7 * DAY_MS,
  key: (w) => Math.floor((dayNumber(w) + 3) / (7 * step)),
  aligned: (w) => midnight(w) && weekday(w) === 1,
  label: say.day,
});
const months = (step: number): Level => ({
  ms: step * 28 * DAY_MS,
  key: (w) => Math.floor((w.year * 12 + w.month - 1) / step),
  aligned: (w) => midnight(w) && w.day === 1 && (w.month - 1) % step === 0,
  label: (w) => (w.month === 1 ? String(w.year) : say.month(w)),
});
const years = (step: number): Level => ({
  ms: step * 365 * DAY_MS,
  key: (w) => Math.floor(w.year / step),
  aligned: (w) => midnight(w) && w.day === 1 && w.month === 1,
  label: (w) => String(w.year),
});

const LEVELS: Level[] = [
  ...[1, 5, 10, 15, 30, 60, 120, 180, 360, 720].map(clock),
  days(1),
  days(2),
  weeks(1),
  weeks(2),
  months(1),
  months(3),
  years(1),
  years(5),
];

/** So many buckets are looked at one by one; of more, samples first, and then the buckets between two of them. */
const SAMPLES = 2000;

/** The first bucket after `from`, up to `to`, that begins another step of a level than the one before it. */
function edgeBetween(
  level: Level,
  wall: (index: number) => Wall,
  from: number,
  to: number,
): number {
  let index = from + 1;
  while (index < to && level.key(wall(index - 1)) === level.key(wall(index))) index += 1;
  return index;
}

function ticksAt(level: Level, wall: (index: number) => Wall, count: number): number[] {
  const stride = Math.ceil(count / SAMPLES);
  const found: number[] = count > 0 && level.aligned(wall(0)) ? [0] : [];
  for (let index = stride; index < count + stride - 1; index += stride) {
    const [from, to] = [index - stride, Math.min(index, count - 1)];
    if (level.key(wall(from)) !== level.key(wall(to))) {
      found.push(edgeBetween(level, wall, from, to));
    }
  }
  return found;
}

/** Labels of a time axis by bucket index: the finest round steps (in the zone) that give at most `most` labels. */
export function timeTicks(starts: number[], zone: string, most: number): Map<number, string> {
  const walls = new Map<number, Wall>();
  const wall = (index: number): Wall => {
    const known = walls.get(index) ?? wallAt(starts[index] ?? 0, zone);
    walls.set(index, known);
    return known;
  };
  const fallback =
    starts.length > 0 ? new Map([[0, say.date(wall(0))]]) : new Map<number, string>();
  const span = (starts.at(-1) ?? 0) - (starts[0] ?? 0);
  for (const level of LEVELS) {
    // A step is at most twice as long as stated (a month, or a day of 25 hours, is less than that).
    if (span / (2 * level.ms) > most) continue;
    const found = ticksAt(level, wall, starts.length);
    if (found.length === 0) return fallback;
    if (found.length > most) continue;
    return new Map(found.map((index) => [index, level.label(wall(index))]));
  }
  return fallback;
}

const SECOND = 1000;
const DURATION_STEPS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 10e3, 15e3, 30e3, 60e3, 120e3, 300e3, 600e3,
  900e3, 1800e3, 3600e3, 7200e3, 10_800e3, 21_600e3, 43_200e3, 86_400e3, 172_800e3, 432_000e3,
];

function decimalStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough) ?? 10;
  return factor * power;
}

/** A round step and the top of a zero-based axis with about `count` steps; durations have steps in units of time. */
export function valueScale(
  top: number,
  count: number,
  unit: 'milliseconds' | 'whole' | 'any',
): { step: number; top: number } {
  if (!(top > 0)) {
    const step = unit === 'milliseconds' ? SECOND / count : 1;
    return { step, top: step * count };
  }
  const rough = top / count;
  let step = decimalStep(rough);
  if (unit === 'milliseconds') {
    step =
      DURATION_STEPS.find((candidate) => candidate >= rough) ?? decimalStep(rough / 864e5) * 864e5;
  }
  if (unit === 'whole') step = Math.max(1, step);
  return { step, top: Math.ceil(top / step - 1e-9) * step };
}

const LOG_STEPS = [
  1, 10, 100, 1, 10, 60, 600, 3600, 21_600, 86_400, 604_800, 2_592_000, 8_640_000, 31_536_000,
].map((step, index) => (index < 3 ? step : step * SECOND));

/** Ticks of a logarithmic axis of durations (milliseconds), at everyday durations; they enclose all values. */
export function logDurationTicks(low: number, top: number, most: number): number[] {
  const first = LOG_STEPS.findLastIndex((step) => step <= low);
  const found = LOG_STEPS.findIndex((step) => step >= top);
  const from = Math.max(0, first);
  const to = Math.max(found < 0 ? LOG_STEPS.length - 1 : found, from + 1);
  const inside = LOG_STEPS.slice(from, to + 1);
  const every = Math.ceil((inside.length - 1) / (most - 1));
  const last = inside.length - 1;
  // Keep both ends, so that no value lies outside; drop ticks that would crowd the upper end.
  return inside.filter(
    (_, index) => index === last || (index % every === 0 && last - index >= every),
  );
}

/** Ticks of a logarithmic axis at powers of ten; they enclose all values. */
export function logTicks(low: number, top: number, most: number): number[] {
  const from = Math.floor(Math.log10(low) + 1e-9);
  const to = Math.max(from + 1, Math.ceil(Math.log10(Math.max(top, low)) - 1e-9));
  const every = Math.ceil((to - from) / (most - 1));
  const steps = Math.ceil((to - from) / every);
  return Array.from({ length: steps + 1 }, (_, index) => 10 ** (from + index * every));
}
