import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { ApiError, call } from './client';
import type { InvitationShown, LoginOptions, Session } from './identity';

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

/** Forgets what another person or organisation saw, and remembers the new session. */
export function enter(client: QueryClient, session: Session): void {
  client.clear();
  client.setQueryData(sessionQuery.queryKey, session);
}

/**
 * Logs in. Throws `ApiError` with code `invalid_credentials`; `second_factor_required` where the password is right
 * and a code is missing; `invalid_code`; `too_many_attempts`.
 */
export function logIn(email: string, password: string, code?: string): Promise<Session> {
  return call('POST', '/api/v1/session', { email, password, ...(code ? { code } : {}) });
}

/** Whether a login failed only because the code of the second factor is missing. */
export function asksForCode(error: unknown): boolean {
  return error instanceof ApiError && error.problem.code === 'second_factor_required';
}

/** How somebody with this address may log in. Tells nothing about whether there is such a person. */
export function loginOptions(email: string): Promise<LoginOptions> {
  return call('POST', '/api/v1/login-options', { email });
}

/** Where the browser goes to log in with an identity provider. */
export const providerPath = (id: string): string =>
  `/api/v1/oidc/start?provider=${encodeURIComponent(id)}`;

/** Ends this browser's session. What the page remembers is cleared by whoever leaves the page. */
export async function logOut(): Promise<void> {
  await call('DELETE', '/api/v1/session');
}

/** Ends every session of the person, this one too. */
export async function logOutEverywhere(): Promise<void> {
  await call('DELETE', '/api/v1/sessions');
}

/** Goes to another organisation of the person. */
export function switchTenant(tenantId: string): Promise<Session> {
  return call('PUT', '/api/v1/session/tenant', { tenantId });
}

/** Whether the server still waits for its owner. */
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

/** Makes the owner, and logs them in. */
export function setUp(input: SetupInput): Promise<Session> {
  return call('POST', '/api/v1/setup', input);
}

/** Asks for a link to a new password. Is answered alike whether or not there is such a person. */
export async function requestReset(email: string): Promise<void> {
  await call('POST', '/api/v1/password-resets', { email });
}

/** Sets a new password by a link; every session ends. */
export async function redeemReset(token: string, password: string): Promise<void> {
  await call('POST', '/api/v1/password-resets/redeem', { token, password });
}

/** What a link of an invitation leads to. */
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
