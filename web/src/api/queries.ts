import { queryOptions } from '@tanstack/react-query';
import { pacedCall, withParameters } from './client';
import type { Catalog, QueryBody, QueryResult } from './types';

/** Metrics and dimensions with their labels and units; they do not change while the page is open. */
export const catalogQuery = queryOptions({
  queryKey: ['catalog'],
  staleTime: Infinity,
  queryFn: ({ signal }) => pacedCall<Catalog>('GET', '/api/v1/catalog', undefined, signal),
});

/** Asks for metrics. */
export const queryMetrics = (
  projectId: string,
  body: QueryBody,
  signal: AbortSignal,
): Promise<QueryResult> =>
  pacedCall('POST', withParameters('/api/v1/query', { projectId }), body, signal);
