import { fromInput, toInput } from '@/lib/zone';

const DAY = 86_400_000;

/** Where on the day of its start an interval is, as shares of that day (0 to 1); it ends with the day at the latest. */
export function onItsDay(start: number, end: number, zone: string): { from: number; to: number } {
  const day = toInput(start, zone).slice(0, 10);
  const midnight = fromInput(`${day}T00:00`, zone) ?? start;
  const share = (instant: number): number => Math.min(1, Math.max(0, (instant - midnight) / DAY));
  return { from: share(start), to: share(Math.max(start, end)) };
}
