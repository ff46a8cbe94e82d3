import type { Granularity } from '@/api/types';
import { dates as words } from '@/words/basics';
import { dateOnly, dateTime, instantOf, say, startOfDay, wallAt, weekday } from './zone';

/** The granularities to choose from, finest first, with their length (a month is counted as 30.4 days). */
export const GRANULARITIES: { id: Granularity; ms: number }[] = [
  { id: 'minute', ms: 60_000 },
  { id: 'five_minutes', ms: 300_000 },
  { id: 'hour', ms: 3_600_000 },
  { id: 'day', ms: 86_400_000 },
  { id: 'week', ms: 7 * 86_400_000 },
  { id: 'month', ms: 2_629_800_000 },
];

/** More buckets than this are unreadable on a screen and burden the server. */
export const MAX_BUCKETS = 2000;
const COMFORTABLE_BUCKETS = 200;

/** Length of a bucket in milliseconds. */
export function bucketMs(granularity: Granularity): number {
  if (granularity === 'half_hour') return 1_800_000;
  if (granularity === 'half_day') return 43_200_000;
  return GRANULARITIES.find((entry) => entry.id === granularity)?.ms ?? 86_400_000;
}

/** Whether a span (milliseconds) splits into at most `MAX_BUCKETS` buckets of this granularity. */
export function fits(granularity: Granularity, spanMs: number): boolean {
  return spanMs / bucketMs(granularity) <= MAX_BUCKETS;
}

/** The finest granularity that keeps a chart readable. */
export function autoGranularity(spanMs: number): Granularity {
  const found = GRANULARITIES.find((entry) => spanMs / entry.ms <= COMFORTABLE_BUCKETS);
  return found?.id ?? 'month';
}

/** The chosen granularity if it fits, otherwise the automatic one. */
export function effectiveGranularity(chosen: Granularity | undefined, spanMs: number): Granularity {
  return chosen && fits(chosen, spanMs) ? chosen : autoGranularity(spanMs);
}

/** The name of one bucket: `Wed 14 Mar 2012`, `14 Mar 2012, 10:00`, `Week of 12 Mar 2012`, `Mar 2012`. */
export function bucketName(start: number, granularity: Granularity, zone: string): string {
  const wall = wallAt(start, zone);
  switch (granularity) {
    case 'month':
      return words.monthOfYear(say.month(wall), wall.year);
    case 'week':
      return words.weekOf(dateOnly(start, zone));
    case 'day':
      return words.onWeekday(say.weekday(wall), say.date(wall));
    case 'half_day':
    case 'hour':
    case 'half_hour':
    case 'five_minutes':
    case 'minute':
      return dateTime(start, zone);
  }
}

/** The word for one bucket in a sentence. */
export function bucketWord(granularity: Granularity): string {
  return words.buckets[granularity];
}

/** When the bucket that starts at `start` ends in the time zone, where a day can have 23 or 25 hours. */
export function bucketEnd(start: number, granularity: Granularity, zone: string): number {
  switch (granularity) {
    case 'month': {
      const wall = wallAt(start, zone);
      const next =
        wall.month === 12
          ? { year: wall.year + 1, month: 1 }
          : { year: wall.year, month: wall.month + 1 };
      return instantOf({ ...next, day: 1, hour: 0, minute: 0, second: 0 }, zone);
    }
    case 'week':
      return startOfDay(start, zone, 7);
    case 'day':
      return startOfDay(start, zone, 1);
    case 'half_day':
    case 'hour':
    case 'half_hour':
    case 'five_minutes':
    case 'minute':
      return start + bucketMs(granularity);
  }
}

/** When the bucket that an instant is in starts in the time zone. */
export function bucketStart(instant: number, granularity: Granularity, zone: string): number {
  const day = startOfDay(instant, zone);
  const wall = wallAt(instant, zone);
  switch (granularity) {
    case 'month':
      return startOfDay(day, zone, 1 - wall.day);
    case 'week':
      return startOfDay(day, zone, 1 - weekday(wall));
    case 'day':
      return day;
    case 'half_day':
    case 'hour':
    case 'half_hour':
    case 'five_minutes':
    case 'minute': {
      const ms = bucketMs(granularity);
      return day + Math.floor((instant - day) / ms) * ms;
    }
  }
}
