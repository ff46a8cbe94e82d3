import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { pacedCall, withParameters } from './client';
import type { components } from './schema.gen';

type Schemas = components['schemas'];

/** How the server fares, over all organisations. */
export type ServerReport = Schemas['Server'];
export type ServerAdvice = Schemas['ServerAdvice'];
export type ServerDay = Schemas['ServerDay'];
export type ServerLevel = Schemas['ServerLevel'];
export type ServerStorage = Schemas['ServerStorage'];

/** How the server fared in the last days, today included. Figures of other days stay until these are there. */
export const serverQuery = (days: number) =>
  queryOptions({
    queryKey: ['settings', 'server', days],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      pacedCall<ServerReport>('GET', withParameters('/api/v1/server', { days }), undefined, signal),
  });
