import { duration } from '@/lib/format';
import { frame } from '@/words';

const words = frame.live;
const MINUTE = 60_000;
const UNITS = [86_400_000, 3_600_000];

/** How late data is, in words: to the minute, and short for a phone, in its largest unit. */
export function lateness(lag: number): { label: string; short: string } {
  const minutes = Math.round(lag / MINUTE) * MINUTE;
  const unit = UNITS.find((entry) => minutes >= entry) ?? MINUTE;
  return {
    label: words.late(duration(minutes)),
    short: words.lateShort(duration(Math.floor(minutes / unit) * unit)),
  };
}
