import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { metricsQuery } from '@/api/queries';
import type { Filter, QueryBody, QueryRange, QueryResult } from '@/api/types';
import { refreshInterval, type Range } from '@/lib/range';
import { useLive } from './live';
import type { View } from './view';

/** A range as queries state it. */
function queryRange(range: Range): QueryRange {
  if (range.kind === 'all') return { all: true };
  if (range.kind === 'last') return { last: range.last };
  return { from: new Date(range.from).toISOString(), to: new Date(range.to).toISOString() };
}

function filtersOf(view: View): Filter[] {
  const filters: Filter[] = [];
  if (view.env) filters.push({ dimension: 'environment', op: 'in', values: [view.env] });
  if (view.workflows.length > 0) {
    filters.push({ dimension: 'workflow', op: 'in', values: [...view.workflows].sort() });
  }
  return filters;
}

/** The query of a card. Range, time zone, environment and workflows come from the view; its own filters add to them. */
export type CardQuery = Omit<QueryBody, 'range' | 'timezone'>;

/** When a card is refreshed after an update: figures soon, the tables that explain them later. */
type Refresh = 'soon' | 'later';

/** Runs the query of a card. While the page is live, a relative range is refreshed at intervals and on updates. */
export function useCardQuery(
  view: View,
  query: CardQuery,
  enabled = true,
  when: Refresh = 'soon',
): UseQueryResult<QueryResult> {
  const filters = [...filtersOf(view), ...(query.filters ?? [])];
  const body: QueryBody = {
    ...query,
    ...(filters.length > 0 ? { filters } : {}),
    range: queryRange(view.range),
    timezone: view.zone,
  };
  const refresh = useRefreshInterval(view, when);
  return useQuery({ ...metricsQuery(view.project.id, body, refresh, when), enabled });
}

/** After how many milliseconds a card is refreshed without an update; false if what it shows does not change. */
export function useRefreshInterval(view: View, when: Refresh): number | false {
  const { state } = useLive();
  if (!view.relative || !view.live) return false;
  const interval = refreshInterval(view.range, state === 'open');
  return when === 'later' ? Math.max(interval, 30_000) : interval;
}
