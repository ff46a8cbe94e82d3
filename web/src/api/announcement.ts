import { queryOptions } from '@tanstack/react-query';
import { pacedCall } from './client';
import type { components } from './schema.gen';

type Schemas = components['schemas'];

/** What the operator tells everyone who uses the application. */
export type Announcement = Schemas['Announcement'];

const EVERY_MS = 30_000;

/** The newest announcement that is not over. A hidden page does not ask, and catches up when it becomes visible. */
export const announcementQuery = queryOptions({
  queryKey: ['announcement'],
  staleTime: EVERY_MS,
  refetchInterval: EVERY_MS,
  refetchIntervalInBackground: false,
  refetchOnWindowFocus: true,
  queryFn: ({ signal }) =>
    pacedCall<Schemas['Announced']>('GET', '/api/v1/announcement', undefined, signal),
});
