import type { ReactNode } from 'react';
import { useMinute } from '@/lib/clock';
import { NO_VALUE } from '@/lib/format';
import { ago, dateTime } from '@/lib/zone';
import { useZone } from './zone';

/** A moment (RFC 3339): relative within a day, the date otherwise, exact on hover. */
export function When({ at }: { at: string | null | undefined }): ReactNode {
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

/** A moment to come or past, as a date and time. */
export function On({ at }: { at: string | null | undefined }): ReactNode {
  const zone = useZone();
  return at ? (
    <time dateTime={at} className="whitespace-nowrap">
      {dateTime(Date.parse(at), zone)}
    </time>
  ) : (
    NO_VALUE
  );
}
