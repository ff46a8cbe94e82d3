import type { ReactNode } from 'react';
import { useMinute } from '@/lib/clock';
import { NO_VALUE } from '@/lib/format';
import { ago, dateTime } from '@/lib/zone';
import { useZone } from './zone';

/** A time (RFC 3339): relative within a day, otherwise the date; the exact time on hover. */
export function RelativeTime({ at }: { at: string | null | undefined }): ReactNode {
  const zone = useZone();
  const now = useMinute();
  if (!at) return NO_VALUE;
  const instant = Date.parse(at);
  return (
    <time dateTime={at} title={dateTime(instant, zone)} className="whitespace-nowrap">
      {ago(instant, Math.max(now, instant), zone)}
    </time>
  );
}

/** A past or future time (RFC 3339) as date and time. */
export function DateTime({ at }: { at: string | null | undefined }): ReactNode {
  const zone = useZone();
  return at ? (
    <time dateTime={at} className="whitespace-nowrap">
      {dateTime(Date.parse(at), zone)}
    </time>
  ) : (
    NO_VALUE
  );
}
