import { dates as words } from '@/words/basics';
import { LOCALE } from '@/words/locale';

/** Wall-clock fields of an instant in a time zone. Months and weekdays are 1-based; Monday is 1. */
export interface Wall {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

const clock = new Intl.DateTimeFormat(LOCALE, {
  hourCycle: 'h23',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
const formats = new Map<string, Intl.DateTimeFormat>();
const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const edges = new Map<string, number>();

function formatFor(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    // Only its numbers are read, never its words: any language with these digits and this calendar will do.
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, format);
  }
  return format;
}

/** Whether the browser knows a time zone of this name. Offsets such as `+02:00`, which some browsers accept, are not names. */
export function isZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    formatFor(zone);
    return true;
  } catch {
    return false;
  }
}

// Browsers still list these zones under names that the time zone database replaced years ago.
const RENAMED: Record<string, string> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Godthab': 'America/Nuuk',
  'America/Indianapolis': 'America/Indiana/Indianapolis',
  'America/Louisville': 'America/Kentucky/Louisville',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
};

/** The current name of a zone. */
export function currentName(zone: string): string {
  const renamed = RENAMED[zone];
  return renamed && isZone(renamed) ? renamed : zone;
}

let own: string | undefined;

/** The time zone of this browser when the page was loaded: asking takes a millisecond, and every link asks. */
export function browserZone(): string {
  own ??= currentName(Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC');
  return own;
}

/** Every zone to choose from, the browser's own and UTC first. */
export function allZones(): string[] {
  const known = Intl.supportedValuesOf('timeZone').map(currentName).sort();
  return [...new Set([browserZone(), 'UTC', ...known])];
}

function asUtc(wall: Wall): number {
  const date = new Date(0);
  date.setUTCFullYear(wall.year, wall.month - 1, wall.day);
  date.setUTCHours(wall.hour, wall.minute, wall.second, 0);
  return date.getTime();
}

function slowOffset(instant: number, zone: string): number {
  const wall: Wall = { year: 0, month: 1, day: 1, hour: 0, minute: 0, second: 0 };
  for (const part of formatFor(zone).formatToParts(instant)) {
    if (part.type in wall) wall[part.type as keyof Wall] = Number(part.value);
  }
  return asUtc(wall) - instant;
}

function edgeOffset(week: number, zone: string): number {
  const key = `${zone} ${week}`;
  let offset = edges.get(key);
  if (offset === undefined) {
    offset = slowOffset(week * WEEK_MS, zone);
    edges.set(key, offset);
  }
  return offset;
}

/** How far the zone is ahead of UTC at an instant, in milliseconds. */
export function offsetAt(instant: number, zone: string): number {
  // Calling Intl costs a fifth of a millisecond. No zone leaves an offset and returns to it within a week, so
  // where both ends of a week agree, the whole week does.
  const week = Math.floor(instant / WEEK_MS);
  const offset = edgeOffset(week, zone);
  if (offset === edgeOffset(week + 1, zone)) return offset;
  return slowOffset(Math.floor(instant / 1000) * 1000, zone);
}

/** The wall clock at an instant (epoch milliseconds). */
export function wallAt(instant: number, zone: string): Wall {
  const local = new Date(instant + offsetAt(instant, zone));
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
  };
}

/** The instant of a wall clock. A time skipped by DST moves forward; a repeated one means the first. */
export function instantOf(wall: Wall, zone: string): number {
  const utc = asUtc(wall);
  const before = utc - offsetAt(utc - DAY_MS, zone);
  if (offsetAt(before, zone) === utc - before) return before;
  const after = utc - offsetAt(utc + DAY_MS, zone);
  if (offsetAt(after, zone) === utc - after) return after;
  return before;
}

/** Days since 1970-01-01 of a wall clock's date. */
export function dayNumber(wall: Wall): number {
  return Math.floor(asUtc({ ...wall, hour: 0, minute: 0, second: 0 }) / DAY_MS);
}

/** ISO weekday of a wall clock: Monday 1 to Sunday 7. */
export function weekday(wall: Wall): number {
  return ((((dayNumber(wall) + 3) % 7) + 7) % 7) + 1;
}

/** The midnight that begins the day of the instant, moved by whole days. */
export function startOfDay(instant: number, zone: string, addDays = 0): number {
  const wall = wallAt(instant, zone);
  const moved = new Date(asUtc({ ...wall, hour: 0, minute: 0, second: 0 }) + addDays * DAY_MS);
  return instantOf(
    {
      year: moved.getUTCFullYear(),
      month: moved.getUTCMonth() + 1,
      day: moved.getUTCDate(),
      hour: 0,
      minute: 0,
      second: 0,
    },
    zone,
  );
}

const two = (value: number): string => String(value).padStart(2, '0');

/** Parts of a wall clock as text. */
export const say = {
  time: (w: Wall): string => `${two(w.hour)}:${two(w.minute)}`,
  day: (w: Wall): string => words.day(w.day, say.month(w)),
  month: (w: Wall): string => words.months[w.month - 1] ?? '',
  date: (w: Wall): string => words.date(w.day, say.month(w), w.year),
  weekday: (w: Wall): string => words.weekdays[weekday(w) - 1] ?? '',
};

/** `14 Mar 2012, 10:05` in the zone. */
export function dateTime(instant: number, zone: string): string {
  const wall = wallAt(instant, zone);
  return words.dateTime(say.date(wall), say.time(wall));
}

/** `14 Mar 2012, 10:05:09` in the zone. */
export function dateTimeSeconds(instant: number, zone: string): string {
  return `${dateTime(instant, zone)}:${two(wallAt(instant, zone).second)}`;
}

/** `14:05:09` by the clock of this browser. */
export function timeHere(instant: number): string {
  return clock.format(instant);
}

/** `14 Mar 2012` in the zone. */
export function dateOnly(instant: number, zone: string): string {
  return say.date(wallAt(instant, zone));
}

/** From a moment to its end: `14 Mar 2012, 10:05 to 12:30`, `14 Mar 2012, 10:05 to 16 Mar 2012, 09:00`, or only when it began. */
export function interval(from: number, until: number | undefined, zone: string): string {
  const start = dateTime(from, zone);
  return until === undefined ? start : words.span(start, endOf(from, until, zone));
}

/** The end of an interval beside its beginning: only the time if it is on the same day. */
export function endOf(from: number, until: number, zone: string): string {
  const sameDay = startOfDay(from, zone) === startOfDay(until, zone);
  return sameDay ? say.time(wallAt(until, zone)) : dateTime(until, zone);
}

/** `2012-03-14T10:05` in the zone: the value of a `datetime-local` input. */
export function toInput(instant: number, zone: string): string {
  const w = wallAt(instant, zone);
  return `${String(w.year).padStart(4, '0')}-${two(w.month)}-${two(w.day)}T${two(w.hour)}:${two(w.minute)}`;
}

/** The instant of a `datetime-local` value in the zone, or null when it is not one. */
export function fromInput(value: string, zone: string): number | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})/.exec(value);
  if (!match) return null;
  const [year, month, day, hour, minute] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return instantOf({ year, month, day, hour, minute, second: 0 }, zone);
}

/** `4 min ago` within a day; null for an earlier time, and for one to come. */
export function recently(instant: number, now: number): string | null {
  const seconds = Math.round((now - instant) / 1000);
  if (seconds < 0 || seconds >= 86_400) return null;
  if (seconds < 60) return words.justNow;
  if (seconds < 3600) return words.minutesAgo(Math.floor(seconds / 60));
  return words.hoursAgo(Math.floor(seconds / 3600));
}

/** `4 min ago` within a day, the date otherwise. */
export function ago(instant: number, now: number, zone: string): string {
  if (instant - now >= 500) return dateTime(instant, zone);
  return recently(instant, now) ?? dateOnly(instant, zone);
}

/** `UTC+02:00` at an instant. */
export function offsetLabel(instant: number, zone: string): string {
  const minutes = Math.round(offsetAt(instant, zone) / 60_000);
  const abs = Math.abs(minutes);
  return `UTC${minutes < 0 ? '−' : '+'}${two(Math.floor(abs / 60))}:${two(abs % 60)}`;
}
