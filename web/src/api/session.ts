import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { ApiError, call } from './client';
import type { InvitationShown, LoginOptions, Session } from './identity';

/** The session of this browser, or null if no one is logged in. */
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

/** Clears what was cached for another user or organisation, and caches the new session. */
export function startSession(client: QueryClient, session: Session): void {
  client.clear();
  client.setQueryData(sessionQuery.queryKey, session);
}

/**
 * Logs in. Throws `ApiError` with the code `invalid_credentials`, `second_factor_required` (the password is right, but a
 * code is missing), `invalid_code` or `too_many_attempts`.
 */
export function logIn(email: string, password: string, code?: string): Promise<Session> {
  return call('POST', '/api/v1/session', { email, password, ...(code ? { code } : {}) });
}

/** Whether a login failed only because the second-factor code is missing. */
export function needsCode(error: unknown): boolean {
  return error instanceof ApiError && error.problem.code === 'second_factor_required';
}

/** How a user with this address can log in. Does not reveal whether there is such a user. */
export function loginOptions(email: string): Promise<LoginOptions> {
  return call('POST', '/api/v1/login-options', { email });
}

/** Where the browser goes to log in with an identity provider. */
export const providerPath = (id: string): string =>
  `/api/v1/oidc/start?provider=${encodeURIComponent(id)}`;

/** Ends this browser's session. The caller clears what the page has cached. */
export async function logOut(): Promise<void> {
  await call('DELETE', '/api/v1/session');
}

/** Ends every session of the user, including this one. */
export async function logOutEverywhere(): Promise<void> {
  await call('DELETE', '/api/v1/sessions');
}

/** Switches to another organisation of the user. */
export function switchTenant(tenantId: string): Promise<Session> {
  return call('PUT', '/api/v1/session/tenant', { tenantId });
}

/** Whether the server still needs an owner. */
export const setupQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: ({ signal }) => call<{ needed: boolean }>('GET', '/api/v1/setup', undefined, signal),
});

export interface SetupInput {
  token: string;
  email: string;
  name: string;
  password: string;
  code?: string;
  tenantName?: string;
  projectName?: string;
}

/** Makes the user an owner, and logs them in. */
export function setUp(input: SetupInput): Promise<Session> {
  return call('POST', '/api/v1/setup', input);
}

/** Requests a password reset link. The response is the same whether or not there is such a user. */
export async function requestReset(email: string): Promise<void> {
  await call('POST', '/api/v1/password-resets', { email });
}

/** Sets a new password with a reset link, and ends every session. */
export async function redeemReset(token: string, password: string): Promise<void> {
  await call('POST', '/api/v1/password-resets/redeem', { token, password });
}

/** What an invitation link shows. */
export function invitationQuery(token: string) {
  return queryOptions({
    queryKey: ['invitation', token],
    retry: false,
    staleTime: Infinity,
    queryFn: ({ signal }) =>
      call<InvitationShown>('POST', '/api/v1/invitations/show', { token }, signal),
  });
}

export interface AcceptInput {
  token: string;
  password: string;
  name?: string;
  code?: string;
}

/** Joins the organisation, and logs in. */
export function acceptInvitation(input: AcceptInput): Promise<Session> {
  return call('POST', '/api/v1/invitations/accept', input);
}
