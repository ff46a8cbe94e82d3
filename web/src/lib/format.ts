import type { Unit } from '@/api/types';
import { figures as words } from '@/words/basics';
import { LOCALE } from '@/words/locale';
import { plural, type Forms } from '@/words/plural';

const exactFormat = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 6 });
const twoDigits = new Intl.NumberFormat(LOCALE, {
  minimumSignificantDigits: 2,
  maximumSignificantDigits: 2,
});
const fixedFormats = new Map<string, Intl.NumberFormat>();

/** Shown in place of a figure that does not exist (no runs, so no percentile). */
export const NO_VALUE = '–';

/** A number with this many digits after the point; `trim` leaves out zeros at the end. */
export function fixed(value: number, digits: number, trim = false): string {
  const key = `${digits}${trim ? ' trimmed' : ''}`;
  let format = fixedFormats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(LOCALE, {
      minimumFractionDigits: trim ? 0 : digits,
      maximumFractionDigits: digits,
      useGrouping: false,
    });
    fixedFormats.set(key, format);
  }
  return format.format(value);
}

function significant(value: number, trim: boolean): string {
  if (value === 0) return '0';
  if (!Number.isFinite(value)) return NO_VALUE;
  // Round first: 999.6 has three digits before the point only until it is rounded.
  const rounded = Number(value.toPrecision(3));
  const whole = Math.floor(Math.log10(Math.abs(rounded))) + 1;
  return fixed(rounded, Math.max(0, Math.min(3 - whole, 6)), trim);
}

const SCALES: [number, (figure: string) => string][] = [
  [1e12, (figure) => words.trillions(figure)],
  [1e9, (figure) => words.billions(figure)],
  [1e6, (figure) => words.millions(figure)],
  [1e3, (figure) => words.thousands(figure)],
];

function scaled(value: number, trim: boolean): string {
  const abs = Math.abs(value);
  if (abs < 1000 && Number.isInteger(value)) return String(value);
  // 999.6 and 999,600 round up into the next scale, so compare what would be shown.
  if (abs < 999.5) return significant(value, trim);
  const scale = SCALES.find(([size]) => abs >= size * 0.9995);
  return scale ? scale[1](significant(value / scale[0], trim)) : significant(value, trim);
}

/** `12431` as `12.4k`: three significant digits; whole numbers below 1,000 stay as they are. */
export const compact = (value: number): string => scaled(value, false);

/** Like `compact` without trailing zeros: `20k`, for axes. */
export const compactTrimmed = (value: number): string => scaled(value, true);

/** `12431` as `12,431`. */
export function exact(value: number): string {
  return exactFormat.format(value);
}

/** One decimal, two above 99; never rounds up to 100. */
export function percent(value: number): string {
  if (value === 100 || value === 0) return words.percent(String(value));
  const digits = value > 99 && value < 100 ? 2 : 1;
  const scale = 10 ** digits;
  const shown = value < 100 && value > 99 ? Math.floor(value * scale) / scale : value;
  if (shown > 0 && shown < 0.05) return words.under(words.percent(fixed(0.1, 1)));
  return words.percent(fixed(shown, digits));
}

/** A difference of percentages in points, one decimal unless another number is given: `2.5 pt`. */
export const points = (size: number, digits = 1): string => words.points(fixed(size, digits));

/** How many times as much: `6.1 ×`. */
export const multiple = (ratio: number, digits: number): string =>
  words.times(fixed(ratio, digits));

const MS = { second: 1000, minute: 60_000, hour: 3_600_000, day: 86_400_000 };

type Said = (figure: string) => string;

function pair(
  ms: number,
  [big, sayBig]: [number, Said],
  [small, saySmall]: [number, Said],
): string {
  const total = Math.round(ms / small);
  const per = big / small;
  const head = sayBig(exact(Math.floor(total / per)));
  const rest = total % per;
  return rest === 0 ? head : words.both(head, saySmall(String(rest)));
}

function length(ms: number, trim: boolean): string {
  const { milliseconds, seconds, minutes, hours, days } = words;
  if (ms < 0) return `−${length(-ms, trim)}`;
  if (ms < 999.5) return milliseconds(scaled(ms >= 100 ? Math.round(ms) : ms, trim));
  if (ms < 59_950) return seconds(significant(ms / MS.second, trim));
  if (ms < MS.hour - 500) return pair(ms, [MS.minute, minutes], [MS.second, seconds]);
  if (ms < MS.day - 30_000) return pair(ms, [MS.hour, hours], [MS.minute, minutes]);
  if (ms < 100 * MS.day) return pair(ms, [MS.day, days], [MS.hour, hours]);
  return days(exact(Math.round(ms / MS.day)));
}

/** Milliseconds as `840 ms`, `1.24 s`, `3 m 12 s`, `5 h 3 m`, `2 d 4 h`, `214 d`. */
export const duration = (ms: number): string => length(ms, false);

/** Durations on axes: `1.00 s` reads `1 s`. */
export const durationTrimmed = (ms: number): string => length(ms, true);

/** Dollars: two significant digits below one dollar, cents up to 1,000, `$12.4k` above. */
export function money(value: number): string {
  const sign = value < 0 ? '−' : '';
  const abs = Math.abs(value);
  if (abs === 0) return words.dollars('0');
  if (abs < 0.995) return sign + words.dollars(twoDigits.format(abs));
  return sign + words.dollars(abs < 999.995 ? fixed(abs, 2) : compact(abs));
}

function bytes(value: number, say = compact): string {
  const units = words.bytes;
  let size = value;
  let step = 0;
  while (size >= 1023.5 && step < units.length - 1) {
    size /= 1024;
    step += 1;
  }
  return units[step]?.(say(size)) ?? say(size);
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
  if (value === null || value === undefined) return words.noData;
  switch (unit) {
    case 'percent':
      return words.percent(exact(Math.round(value * 1e4) / 1e4));
    case 'milliseconds':
      return words.milliseconds(exact(Math.round(value)));
    case 'minutes':
      return words.minutesAlone(exact(Math.round(value * 1e4) / 1e4));
    case 'usd':
      return words.dollars(exact(value));
    case 'bytes':
      return words.bytesAlone(exact(value));
    case 'tokens':
      return words.tokens(exact(value));
    case 'credits':
      return words.credits(exact(value));
    case 'count':
      return exact(value);
  }
}

/** A figure on a chart's axis. */
export function axisFigure(value: number, unit: Unit): string {
  if (value === 0) return '0';
  if (unit === 'milliseconds') return durationTrimmed(value);
  if (unit === 'minutes') return durationTrimmed(value * 60_000);
  if (unit === 'percent') return words.percent(exact(value));
  if (unit === 'bytes') return bytes(value, compactTrimmed);
  return unit === 'usd' ? words.dollars(compactTrimmed(value)) : compactTrimmed(value);
}

/** `1 execution`, `13,087 executions`: a number and the form of a noun that goes with it. */
export function counted(count: number, noun: Forms): string {
  return `${exact(count)}\u00a0${plural(count, noun)}`;
}

/** A name inside a text, isolated (U+2068, U+2069) so that right-to-left marks in it do not reorder the rest. */
export function isolated(name: string): string {
  return `\u2068${name}\u2069`;
}
