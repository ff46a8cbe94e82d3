import type { Change } from '@/api/changes';

const LENGTH = { hour: 3_600_000, day: 86_400_000 };

/** Where in its series a change began and ended, in buckets from the start; null if it began before. */
export function markedAt({
  since,
  until,
  ongoing,
  series,
}: Pick<Change, 'since' | 'until' | 'ongoing' | 'series'>): { from: number; to: number } | null {
  const place = (instant: string): number =>
    (Date.parse(instant) - Date.parse(series.from)) / LENGTH[series.bucket];
  const from = place(since);
  const last = series.values.length - 1;
  if (from < 0 || from > last) return null;
  return { from, to: ongoing || until == null ? last : Math.min(last, place(until)) };
}
