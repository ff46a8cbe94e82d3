import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { ApiError, call } from './client';
import type { Session } from './types';

/** The session of this browser, or null when nobody is logged in. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  staleTime: 60_000,
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      return await call<Session>('GET', '/api/v1/session', undefined, signal);
    } catch (error) {
      if (error instanceof ApiError && error.unauthenticated) return null;
      throw error;
    }
  },
});

/** Logs in and remembers the session. Throws `ApiError` with code `invalid_credentials`. */
export async function logIn(
  client: QueryClient,
  email: string,
  password: string,
): Promise<Session> {
  const session = await call<Session>('POST', '/api/v1/session', { email, password });
  client.clear();
  client.setQueryData(sessionQuery.queryKey, session);
  return session;
}

/** Ends the session on the server. What the page remembers is cleared by whoever leaves the page. */
export async function logOut(): Promise<void> {
  await call('DELETE', '/api/v1/session');
}
