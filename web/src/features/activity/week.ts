import type { Answer } from '@/lib/answer';
import { wallAt, weekday } from '@/lib/zone';
import { metricSeries } from '../board/series';
import type { View } from '../view';

const DAY = 86_400_000;
/** The API answers at most 10,000 buckets; hours of more days than these would be more. */
export const MOST_DAYS = 400;

/** The newest part of a view whose hours one query can count, and whether anything was left out. */
export function countable(view: View): { view: View; cut: boolean } {
  const { from, to } = view.bounds;
  const first = to - MOST_DAYS * DAY;
  if (from >= first) return { view, cut: false };
  return { view: { ...view, bounds: { from: first, to } }, cut: true };
}

/** The hours of a week, Monday first; null for those about which nothing is known. */
export type Week = (number | null)[][];

/**
 * A figure by weekday and hour of the day, summed over the hours of an answer, in its time zone. Hours that the answer
 * does not have, or that have not begun, are null.
 */
export function byHourOfWeek(answer: Answer, metric: string): Week {
  const week: Week = Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => null));
  metricSeries(answer, metric).forEach((value, index) => {
    if (value === null) return;
    const wall = wallAt(Date.parse(String(answer.rows[index]?.time)), answer.frame.zone);
    const day = week[weekday(wall) - 1];
    if (day) day[wall.hour] = (day[wall.hour] ?? 0) + value;
  });
  return week;
}

/** The hour of the week with the most; null if there was nothing. Of equals, the first. */
export function busiest(week: Week): { day: number; hour: number; count: number } | null {
  const hours = week.flatMap((day, index) =>
    day.map((count, hour) => ({ day: index, hour, count: count ?? 0 })),
  );
  const most = Math.max(...hours.map(({ count }) => count));
  return (most > 0 && hours.find(({ count }) => count === most)) || null;
}
