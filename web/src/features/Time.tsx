import type { ReactNode } from 'react';
import { Hint } from '@/components/Hint';
import { useMinute } from '@/lib/clock';
import { NO_VALUE } from '@/lib/format';
import { ago, dateTime, dateTimeSeconds, recently } from '@/lib/zone';
import { useZone } from './zone';

/**
 * A time (RFC 3339): relative within a day, otherwise the date; the exact time on hover. In a table, the focused cell
 * tells it as well; `alone` is for a time elsewhere, which takes the focus itself. `timed` adds the time to the date,
 * for lists that are in the order of time.
 */
export function RelativeTime(props: {
  at: string | null | undefined;
  alone?: boolean;
  timed?: boolean;
}): ReactNode {
  const { at, alone, timed } = props;
  const zone = useZone();
  const now = useMinute();
  if (!at) return NO_VALUE;
  const instant = Date.parse(at);
  const exact = dateTime(instant, zone);
  const present = Math.max(now, instant);
  const time = (
    <time dateTime={at} title={alone ? undefined : exact} className="whitespace-nowrap">
      {timed ? (recently(instant, present) ?? exact) : ago(instant, present, zone)}
    </time>
  );
  if (!alone) return time;
  return (
    <Hint text={exact}>
      <button type="button" className="cursor-default rounded text-left">
        {time}
      </button>
    </Hint>
  );
}

/** A time (RFC 3339) to the second and, with `since`, how long ago that was if it was within a day. */
export function ExactTime(props: { at: string | null | undefined; since?: boolean }): ReactNode {
  const { at } = props;
  const zone = useZone();
  const now = useMinute();
  if (!at) return NO_VALUE;
  const instant = Date.parse(at);
  const since = props.since && recently(instant, Math.max(now, instant));
  return (
    <>
      <time dateTime={at} className="whitespace-nowrap">
        {dateTimeSeconds(instant, zone)}
      </time>
      {since && <span className="whitespace-nowrap text-ink-3"> {since}</span>}
    </>
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
