import type { Unit } from '@/api/types';
import { LOCALE } from '@/words/locale';
import { plural } from '@/words/plural';

const NBSP = '\u00a0';
const exactFormat = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 6 });
const SCALES: [number, string][] = [
  [1e12, 'T'],
  [1e9, 'B'],
  [1e6, 'M'],
  [1e3, 'k'],
];

/** Shown in place of a figure that does not exist (no runs, so no percentile). */
export const NO_VALUE = '–';

function significant(value: number, digits: number): string {
  if (value === 0) return '0';
  // Round first: 999.6 has three digits before the point only until it is rounded.
  const rounded = Number(value.toPrecision(digits));
  const whole = Math.floor(Math.log10(Math.abs(rounded))) + 1;
  return rounded.toFixed(Math.max(0, Math.min(digits - whole, 6)));
}

/** `12431` as `12.4k`: three significant digits; whole numbers below 1,000 stay as they are. */
export function compact(value: number): string {
  const abs = Math.abs(value);
  if (abs < 1000 && Number.isInteger(value)) return String(value);
  // 999.6 and 999,600 round up into the next scale, so compare what would be shown.
  if (abs < 999.5) return significant(value, 3);
  for (const [size, suffix] of SCALES) {
    if (abs >= size * 0.9995) return significant(value / size, 3) + suffix;
  }
  return significant(value, 3);
}

/** Like `compact` without trailing zeros: `20k`, for axes. */
export function compactTrimmed(value: number): string {
  return compact(value)
    .replace(/(\.\d*?)0+(?=[kMBT]?$)/, '$1')
    .replace(/\.(?=[kMBT]?$)/, '');
}

/** `12431` as `12,431`. */
export function exact(value: number): string {
  return exactFormat.format(value);
}

/** One decimal, two above 99; never rounds up to 100. */
export function percent(value: number): string {
  if (value === 100 || value === 0) return `${value}${NBSP}%`;
  const digits = value > 99 && value < 100 ? 2 : 1;
  const scale = 10 ** digits;
  const shown = value < 100 && value > 99 ? Math.floor(value * scale) / scale : value;
  if (shown > 0 && shown < 0.05) return `<${NBSP}0.1${NBSP}%`;
  return `${shown.toFixed(digits)}${NBSP}%`;
}

const MS = { second: 1000, minute: 60_000, hour: 3_600_000, day: 86_400_000 };

function pair(ms: number, big: number, bigName: string, small: number, smallName: string): string {
  const total = Math.round(ms / small);
  const per = big / small;
  const whole = Math.floor(total / per);
  const rest = total % per;
  const head = `${exact(whole)}${NBSP}${bigName}`;
  return rest === 0 ? head : `${head}${NBSP}${rest}${NBSP}${smallName}`;
}

/** Milliseconds as `840 ms`, `1.24 s`, `3 m 12 s`, `5 h 3 m`, `2 d 4 h`, `214 d`. */
export function duration(ms: number): string {
  if (ms < 0) return `−${duration(-ms)}`;
  if (ms < 999.5) return `${compact(ms >= 100 ? Math.round(ms) : ms)}${NBSP}ms`;
  if (ms < 59_950) return `${significant(ms / MS.second, 3)}${NBSP}s`;
  if (ms < MS.hour - 500) return pair(ms, MS.minute, 'm', MS.second, 's');
  if (ms < MS.day - 30_000) return pair(ms, MS.hour, 'h', MS.minute, 'm');
  if (ms < 100 * MS.day) return pair(ms, MS.day, 'd', MS.hour, 'h');
  return `${exact(Math.round(ms / MS.day))}${NBSP}d`;
}

/** Durations on axes: `1.00 s` reads `1 s`. */
export function durationTrimmed(ms: number): string {
  return duration(ms)
    .replace(/(\.\d*?)0+(?=\D)/, '$1')
    .replace(/\.(?=\D)/, '');
}

/** Dollars: cents up to 1,000, `$12.4k` above, more digits for fractions of a cent. */
export function money(value: number): string {
  const sign = value < 0 ? '−' : '';
  const abs = Math.abs(value);
  if (abs === 0) return '$0';
  if (abs < 0.01) return `${sign}$${abs.toPrecision(2)}`;
  if (abs < 999.995) return `${sign}$${abs.toFixed(2)}`;
  return `${sign}$${compact(abs)}`;
}

function bytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let size = value;
  let step = 0;
  while (size >= 1023.5 && step < units.length - 1) {
    size /= 1024;
    step += 1;
  }
  return `${compact(size)}${NBSP}${units[step] ?? ''}`;
}

/** A figure in its unit, short enough to read at a glance. */
export function figure(value: number | null | undefined, unit: Unit): string {
  if (value === null || value === undefined) return NO_VALUE;
  switch (unit) {
    case 'percent':
      return percent(value);
    case 'milliseconds':
      return duration(value);
    case 'minutes':
      return duration(value * 60_000);
    case 'usd':
      return money(value);
    case 'bytes':
      return bytes(value);
    case 'count':
    case 'credits':
    case 'tokens':
      return compact(value);
  }
}

/** The same figure with every digit, for tooltips and for copying from tables. */
export function exactFigure(value: number | null | undefined, unit: Unit): string {
  if (value === null || value === undefined) return 'no data';
  switch (unit) {
    case 'percent':
      return `${exact(Math.round(value * 1e4) / 1e4)}${NBSP}%`;
    case 'milliseconds':
      return `${exact(Math.round(value))}${NBSP}ms`;
    case 'minutes':
      return `${exact(Math.round(value * 1e4) / 1e4)}${NBSP}min`;
    case 'usd':
      return `$${exact(value)}`;
    case 'bytes':
      return `${exact(value)}${NBSP}bytes`;
    case 'tokens':
      return `${exact(value)}${NBSP}tokens`;
    case 'credits':
      return `${exact(value)}${NBSP}credits`;
    case 'count':
      return exact(value);
  }
}

/** A figure on a chart's axis. */
export function axisFigure(value: number, unit: Unit): string {
  if (value === 0) return '0';
  if (unit === 'milliseconds') return durationTrimmed(value);
  if (unit === 'minutes') return durationTrimmed(value * 60_000);
  if (unit === 'percent') return `${value}${NBSP}%`;
  return unit === 'usd' ? `$${compactTrimmed(value)}` : compactTrimmed(value);
}

/** `1 execution`, `13,087 executions`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${exact(count)}${NBSP}${plural(count, { one, other: many })}`;
}

/** A name inside a text, isolated (U+2068, U+2069) so that right-to-left marks in it do not reorder the rest. */
export function isolated(name: string): string {
  return `\u2068${name}\u2069`;
}
