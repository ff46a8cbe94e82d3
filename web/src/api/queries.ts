import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { pacedCall } from './client';
import type { Catalog, QueryBody, QueryResult } from './types';

/** Metrics and dimensions with their labels and units; they do not change while the page is open. */
export const catalogQuery = queryOptions({
  queryKey: ['catalog'],
  staleTime: Infinity,
  queryFn: ({ signal }) => pacedCall<Catalog>('GET', '/api/v1/catalog', undefined, signal),
});

/**
 * A query for metrics. Its body is the cache key, so two cards with the same query share one request. With `refreshMs`
 * it is repeated at that interval, and the last figures stay on screen meanwhile. `refreshed` says how soon it follows
 * live updates.
 */
export function metricsQuery(
  projectId: string,
  body: QueryBody,
  refreshMs: number | false,
  refreshed: string,
) {
  return queryOptions({
    queryKey: ['query', projectId, body],
    meta: { refreshed },
    queryFn: ({ signal }) =>
      pacedCall<QueryResult>(
        'POST',
        `/api/v1/query?projectId=${encodeURIComponent(projectId)}`,
        body,
        signal,
      ),
    staleTime: refreshMs === false ? 60_000 : refreshMs,
    refetchInterval: refreshMs,
    placeholderData: keepPreviousData,
  });
}
