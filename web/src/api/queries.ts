import { queryOptions } from '@tanstack/react-query';
import { pacedCall, withParameters } from './client';
import type { Catalog, Dimensions, QueryBody, QueryResult } from './types';

/** Metrics and dimensions with their labels and units; they do not change while the page is open. */
export const catalogQuery = queryOptions({
  queryKey: ['catalog'],
  staleTime: Infinity,
  queryFn: ({ signal }) => pacedCall<Catalog>('GET', '/api/v1/catalog', undefined, signal),
});

/** The keys of metadata that a project has declared as dimensions, in display order. */
export const dimensionsQuery = (projectId: string) =>
  queryOptions({
    queryKey: ['dimensions', projectId],
    staleTime: 5 * 60_000,
    queryFn: ({ signal }) =>
      pacedCall<Dimensions>(
        'GET',
        `/api/v1/projects/${encodeURIComponent(projectId)}/dimensions`,
        undefined,
        signal,
      ),
  });

/** Asks for metrics. */
export const queryMetrics = (
  projectId: string,
  body: QueryBody,
  signal: AbortSignal,
): Promise<QueryResult> =>
  pacedCall('POST', withParameters('/api/v1/query', { projectId }), body, signal);
