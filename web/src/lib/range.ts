import { dateOnly, dateTime, offsetAt, startOfDay } from './zone';

/** A time range, as in the URL and in queries. */
export type Range =
  { kind: 'last'; last: string } | { kind: 'all' } | { kind: 'absolute'; from: number; to: number };

const UNIT_MS: Record<string, number> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};
const UNIT_NAMES: Record<string, string> = { m: 'minute', h: 'hour', d: 'day', w: 'week' };

/** What the range picker offers, shortest first. */
export const PRESETS: { value: string; label: string }[] = [
  { value: '1h', label: 'Last hour' },
  { value: '6h', label: 'Last 6 hours' },
  { value: '24h', label: 'Last 24 hours' },
  { value: '7d', label: 'Last 7 days' },
  { value: '30d', label: 'Last 30 days' },
  { value: '90d', label: 'Last 90 days' },
  { value: '365d', label: 'Last 12 months' },
  { value: 'all', label: 'All data' },
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

/** Words for a range: `Last 7 days`, `All data`, `1 Jan 2012 to 31 Jan 2012`. */
export function rangeLabel(range: Range, zone: string): string {
  if (range.kind === 'all') return 'All data';
  if (range.kind === 'last') {
    const preset = PRESETS.find((entry) => entry.value === range.last);
    if (preset) return preset.label;
    const count = parseInt(range.last, 10);
    const unit = UNIT_NAMES[range.last.slice(-1)] ?? '';
    return `Last ${count} ${unit}${count === 1 ? '' : 's'}`;
  }
  const whole =
    startOfDay(range.from, zone) === range.from && startOfDay(range.to, zone) === range.to;
  if (!whole) return `${dateTime(range.from, zone)} to ${dateTime(range.to, zone)}`;
  const lastDay = dateOnly(range.to - 1, zone);
  const firstDay = dateOnly(range.from, zone);
  return firstDay === lastDay ? firstDay : `${firstDay} to ${lastDay}`;
}

/** What a relative range covers now: `28 Oct 2026 to 26 Nov 2026`; null for other ranges, whose label says it. */
export function coveredDates(range: Range, now: number, zone: string): string | null {
  if (range.kind !== 'last') return null;
  return rangeLabel({ kind: 'absolute', ...lastBounds(range.last, now, zone) }, zone);
}

/** The range as the end of a sentence: `in the last 7 days`, `since 1 Jan 2012`, `from 1 Jan 2012 to 31 Jan 2012`. */
export function when(range: Range, extent: Extent | null, zone: string): string {
  const words = rangeLabel(range, zone);
  if (range.kind === 'all') return extent ? `since ${dateOnly(extent.first, zone)}` : 'in all data';
  if (range.kind === 'last') return `in the ${words.charAt(0).toLowerCase()}${words.slice(1)}`;
  return words.includes(' to ') ? `from ${words}` : `on ${words}`;
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
