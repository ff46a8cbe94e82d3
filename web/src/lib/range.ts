import { dates as words } from '@/words/basics';
import type { TimeUnit } from '@/words/en/dates';
import { dateOnly, dateTime, endOf, offsetAt, startOfDay } from './zone';

/** A time range, as in the URL and in queries. */
export type Range =
  { kind: 'last'; last: string } | { kind: 'all' } | { kind: 'absolute'; from: number; to: number };

const UNIT_MS: Record<string, number> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};
const UNITS: Record<string, TimeUnit> = { m: 'minute', h: 'hour', d: 'day', w: 'week' };
const { ranges } = words;
const LASTS = ['1h', '6h', '24h', '7d', '30d', '90d', '365d'] as const;

/** What the range picker offers, shortest first. */
export const PRESETS: { value: string; label: string }[] = [
  ...LASTS.map((value) => ({ value, label: ranges.presets[value] })),
  { value: 'all', label: ranges.all },
];

/** Milliseconds of `90m`, `6h`, `7d`, `2w`; null for any other text, and for zero. */
export function parseLast(text: string): number | null {
  const match = /^(\d{1,5})([mhdw])$/.exec(text);
  if (!match) return null;
  const span = Number(match[1]) * (UNIT_MS[match[2] ?? ''] ?? 0);
  return span > 0 ? span : null;
}

/** RFC 3339 to epoch milliseconds, or null. */
export function parseInstant(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text)) return null;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? null : instant;
}

/** The range in a set of URL parameters; null if there is none, or an invalid one. */
export function rangeFromParams(params: {
  range?: string;
  from?: string;
  to?: string;
}): Range | null {
  if (params.range === 'all') return { kind: 'all' };
  if (params.range && parseLast(params.range) !== null) return { kind: 'last', last: params.range };
  const from = params.from ? parseInstant(params.from) : null;
  const to = params.to ? parseInstant(params.to) : null;
  if (from === null || to === null || from >= to) return null;
  return { kind: 'absolute', from, to };
}

/** The URL parameters of a range: the inverse of `rangeFromParams`. */
export function rangeToParams(range: Range): { range?: string; from?: string; to?: string } {
  if (range.kind === 'all') return { range: 'all', from: undefined, to: undefined };
  if (range.kind === 'last') return { range: range.last, from: undefined, to: undefined };
  return {
    range: undefined,
    from: new Date(range.from).toISOString().replace('.000Z', 'Z'),
    to: new Date(range.to).toISOString().replace('.000Z', 'Z'),
  };
}

/** First and last event of a project, epoch milliseconds. */
export interface Extent {
  first: number;
  newest: number;
}

const HOUR_MS = 3_600_000;

/**
 * Where a relative range begins and ends, by the same rule as on the server. Days and weeks end with today; shorter
 * ranges end with the current minute, five minutes, half hour or hour.
 */
function lastBounds(last: string, now: number, zone: string): { from: number; to: number } {
  const span = parseLast(last) ?? 0;
  if (/[dw]$/.test(last)) {
    const days = span / UNIT_MS.d!;
    return { from: startOfDay(now, zone, 1 - days), to: startOfDay(now, zone, 1) };
  }
  const parts: [number, number][] = [
    [HOUR_MS, 60_000],
    [6 * HOUR_MS, 300_000],
    [24 * HOUR_MS, HOUR_MS / 2],
  ];
  const part = parts.find(([below]) => span < below)?.[1] ?? HOUR_MS;
  const offset = offsetAt(now, zone);
  const to = (Math.floor((now + offset) / part) + 1) * part - offset;
  return { from: to - span, to };
}

/**
 * Where a range begins and ends. Every question of a page is asked with these bounds, so that its figures, charts and
 * tables cut time alike, even if a part of the day ends while they load. All data is whole days.
 */
export function boundsOf(
  range: Range,
  extent: Extent | null,
  now: number,
  zone: string,
): { from: number; to: number } {
  if (range.kind === 'absolute') return { from: range.from, to: range.to };
  if (range.kind === 'last') return lastBounds(range.last, now, zone);
  return extent
    ? { from: startOfDay(extent.first, zone), to: startOfDay(extent.newest, zone, 1) }
    : { from: now - UNIT_MS.d!, to: now };
}

/** The range of a first visit: the shortest usual one that includes the newest event, otherwise all data. */
export function defaultRange(extent: Extent | null, now: number): Range {
  if (!extent) return { kind: 'last', last: '24h' };
  const reaching = ['24h', '7d', '30d'].find(
    (last) => extent.newest > now - (parseLast(last) ?? 0) && extent.newest <= now + UNIT_MS.d!,
  );
  return reaching ? { kind: 'last', last: reaching } : { kind: 'all' };
}

/** The first and the last day of a range of whole days, or the times at which another begins and ends. */
function edges({ from, to }: { from: number; to: number }, zone: string): [string, string] {
  const whole = startOfDay(from, zone) === from && startOfDay(to, zone) === to;
  return whole
    ? [dateOnly(from, zone), dateOnly(to - 1, zone)]
    : [dateTime(from, zone), endOf(from, to, zone)];
}

/** Words for a range: `Last 7 days`, `All data`, `1 Jan 2012 to 31 Jan 2012`. */
export function rangeLabel(range: Range, zone: string): string {
  if (range.kind === 'all') return ranges.all;
  if (range.kind === 'last') {
    const preset = PRESETS.find((entry) => entry.value === range.last);
    const unit = UNITS[range.last.slice(-1)] ?? 'day';
    return preset?.label ?? ranges.last(parseInt(range.last, 10), unit);
  }
  const [first, last] = edges(range, zone);
  return first === last ? first : words.span(first, last);
}

/** What a relative range covers now: `28 Oct 2026 to 26 Nov 2026`; null for other ranges, whose label says it. */
export function coveredDates(range: Range, now: number, zone: string): string | null {
  if (range.kind !== 'last') return null;
  return rangeLabel({ kind: 'absolute', ...lastBounds(range.last, now, zone) }, zone);
}

/** The range as the end of a sentence: `in the last 7 days`, `since 1 Jan 2012`, `from 1 Jan 2012 to 31 Jan 2012`. */
export function when(range: Range, extent: Extent | null, zone: string): string {
  if (range.kind === 'all') {
    return extent ? ranges.since(dateOnly(extent.first, zone)) : ranges.inAll;
  }
  if (range.kind === 'last') return ranges.inThe(rangeLabel(range, zone));
  const [first, last] = edges(range, zone);
  return first === last ? ranges.on(first) : ranges.between(first, last);
}

/**
 * How often a relative range is refreshed, in milliseconds. While a live stream reports changes, a refresh is only due
 * because time passes.
 */
export function refreshInterval(range: Range, streaming = false): number {
  if (streaming) return 60_000;
  const span = range.kind === 'last' ? (parseLast(range.last) ?? 0) : Infinity;
  return span <= UNIT_MS.d! ? 10_000 : 30_000;
}
