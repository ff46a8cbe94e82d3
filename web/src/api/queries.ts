import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { call } from './client';
import type { Catalog, QueryBody, QueryResult } from './types';

/** Metrics and dimensions with their words and units; they do not change while the page is open. */
export const catalogQuery = queryOptions({
  queryKey: ['catalog'],
  staleTime: Infinity,
  queryFn: ({ signal }) => call<Catalog>('GET', '/api/v1/catalog', undefined, signal),
});

/**
 * One question to the query pipeline. The body is the cache key, so two cards that ask the same share one request.
 * With `refreshMs` it is asked again in that interval, and the last figures stay on screen meanwhile.
 */
export function metricsQuery(projectId: string, body: QueryBody, refreshMs: number | false) {
  return queryOptions({
    queryKey: ['query', projectId, body],
    queryFn: ({ signal }) =>
      call<QueryResult>(
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
