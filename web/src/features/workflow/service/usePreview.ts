import { useMemo } from 'react';
import type { ServiceLevel } from '@/api/workflow';
import type { QueryState } from '@/components/QueryContent';
import type { Answer } from '@/lib/answer';
import { useDebounced } from '@/lib/debounced';
import { startOfDay } from '@/lib/zone';
import { useCardQuery } from '../../useCardQuery';
import type { View } from '../../view';
import { daysOf, PREVIEW_METRICS, READ_DAYS, type Day } from './preview';

/** How long typing must pause before durations are counted against another threshold, in milliseconds. */
const PAUSE_MS = 400;

/** The days that a target is tried on, in the target's time zone. */
export interface Past {
  query: QueryState<Answer>;
  days: Day[] | undefined;
  zone: string;
  /** The end of the last day. */
  end: number;
}

/** Reads the days before a change of a target; only another threshold of durations asks again. */
export function usePast(
  view: View,
  { timezone }: ServiceLevel['config'],
  thresholdMs: number,
  enabled: boolean,
): Past {
  const threshold = useDebounced(thresholdMs, PAUSE_MS);
  const end = startOfDay(view.now, timezone, 1);
  const own = useMemo((): View => {
    const bounds = { from: startOfDay(view.now, timezone, 1 - READ_DAYS), to: end };
    return {
      ...view,
      bounds,
      range: { kind: 'absolute', ...bounds },
      zone: timezone,
      relative: false,
    };
  }, [view, timezone, end]);
  const query = useCardQuery(
    own,
    { metrics: PREVIEW_METRICS, granularity: 'day', threshold },
    enabled,
    'later',
  );
  const days = useMemo(() => query.data && daysOf(query.data), [query.data]);
  // While typing goes on, what is shown was counted against the threshold before.
  const settling = threshold !== thresholdMs;
  const shown = {
    ...query,
    isFetching: query.isFetching || settling,
    isPlaceholderData: query.isPlaceholderData || settling,
  };
  return { query: shown, days, zone: timezone, end };
}
