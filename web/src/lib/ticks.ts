import { dayNumber, say, wallAt, weekday, type Wall } from './zone';

interface Level {
  /** Equal for instants between two ticks of this level. */
  key: (wall: Wall) => number;
  /** Whether a wall clock time is exactly on a tick. */
  aligned: (wall: Wall) => boolean;
  label: (wall: Wall) => string;
}

const minutesOfDay = (w: Wall): number => w.hour * 60 + w.minute;
const timeLabel = (w: Wall): string => (minutesOfDay(w) === 0 ? say.day(w) : say.time(w));
const midnight = (w: Wall): boolean => minutesOfDay(w) === 0;

const clock = (step: number): Level => ({
  key: (w) => dayNumber(w) * 1440 + Math.floor(minutesOfDay(w) / step),
  aligned: (w) => minutesOfDay(w) % step === 0,
  label: timeLabel,
});
const days = (step: number): Level => ({
  key: (w) => Math.floor(dayNumber(w) / step),
  aligned: (w) => midnight(w) && dayNumber(w) % step === 0,
  label: say.day,
});
const weeks = (step: number): Level => ({
  key: (w) => Math.floor((dayNumber(w) + 3) / (7 * step)),
  aligned: (w) => midnight(w) && weekday(w) === 1,
  label: say.day,
});
const months = (step: number): Level => ({
  key: (w) => Math.floor((w.year * 12 + w.month - 1) / step),
  aligned: (w) => midnight(w) && w.day === 1 && (w.month - 1) % step === 0,
  label: (w) => (w.month === 1 ? String(w.year) : say.month(w)),
});
const years = (step: number): Level => ({
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

function ticksAt(level: Level, walls: Wall[]): number[] {
  const found: number[] = [];
  walls.forEach((wall, index) => {
    const previous = walls[index - 1];
    const starts = previous ? level.key(previous) !== level.key(wall) : level.aligned(wall);
    if (starts) found.push(index);
  });
  return found;
}

/** Labels of a time axis by bucket index: the finest round steps (in the zone) that give at most `most` labels. */
export function timeTicks(starts: number[], zone: string, most: number): Map<number, string> {
  const walls = starts.map((start) => wallAt(start, zone));
  const fallback = walls[0] ? new Map([[0, say.date(walls[0])]]) : new Map<number, string>();
  for (const level of LEVELS) {
    const found = ticksAt(level, walls);
    if (found.length === 0) return fallback;
    if (found.length > most) continue;
    return new Map(
      found.flatMap((index) => {
        const wall = walls[index];
        return wall ? [[index, level.label(wall)] as [number, string]] : [];
      }),
    );
  }
  return fallback;
}

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
  if (!(top > 0)) return { step: 1, top: unit === 'milliseconds' ? 1000 : count };
  const rough = top / count;
  let step = decimalStep(rough);
  if (unit === 'milliseconds') {
    step =
      DURATION_STEPS.find((candidate) => candidate >= rough) ?? decimalStep(rough / 864e5) * 864e5;
  }
  if (unit === 'whole') step = Math.max(1, step);
  return { step, top: Math.ceil(top / step - 1e-9) * step };
}

const SECOND = 1000;
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
