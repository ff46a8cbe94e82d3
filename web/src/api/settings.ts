import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { ApiError, call, pacedCall, withParameters } from './client';
import type {
  ApiKey,
  AuditEntry,
  Erasure,
  IdentityProvider,
  Invitation,
  Login,
  NewApiKey,
  Person,
  Project,
  Redaction,
  RedactionPreview,
  RedactionRules,
  Role,
  Roles,
  Scope,
} from './identity';
import type { components } from './schema.gen';

type Schemas = components['schemas'];

/** A query of the settings: fetched again whenever its page is opened. */
function settingsQuery<T>(key: string[], path: string) {
  return queryOptions({
    queryKey: ['settings', ...key],
    queryFn: ({ signal }) => pacedCall<T>('GET', path, undefined, signal),
  });
}

const inProject = (path: string, projectId: string): string => withParameters(path, { projectId });

// The user's own account.

export const loginsQuery = settingsQuery<{ sessions: Login[] }>(['logins'], '/api/v1/sessions');

export const endLogin = (id: string): Promise<void> => call('DELETE', `/api/v1/sessions/${id}`);

export const saveName = (name: string): Promise<void> => call('PUT', '/api/v1/profile', { name });

export const savePassword = (current: string, fresh: string): Promise<void> =>
  call('PUT', '/api/v1/profile/password', { current, new: fresh });

/** Creates a secret for an authenticator app; it takes effect once a code of it is confirmed. */
export const beginSecondFactor = (password: string): Promise<{ secret: string; uri: string }> =>
  call('POST', '/api/v1/profile/second-factor', { password });

export const confirmSecondFactor = (code: string): Promise<{ recoveryCodes: string[] }> =>
  call('PUT', '/api/v1/profile/second-factor', { code });

export const endSecondFactor = (password: string, code: string): Promise<void> =>
  call('DELETE', '/api/v1/profile/second-factor', { password, code });

export const renewRecoveryCodes = (
  password: string,
  code: string,
): Promise<{ recoveryCodes: string[] }> =>
  call('POST', '/api/v1/profile/recovery-codes', { password, code });

// People.

/** The roles are in order of power. */
export type RoleTable = Omit<Schemas['RoleTable'], 'roles'> & {
  roles: (Schemas['RoleTable']['roles'][number] & { name: Role })[];
};

export const rolesQuery = settingsQuery<RoleTable>(['roles'], '/api/v1/roles');

export const peopleQuery = settingsQuery<{ people: Person[] }>(['people'], '/api/v1/people');

export const invitationsQuery = settingsQuery<{ invitations: Invitation[] }>(
  ['invitations'],
  '/api/v1/invitations',
);

export const saveRoles = (id: string, roles: Roles): Promise<void> =>
  call('PUT', `/api/v1/people/${id}/roles`, roles);

export const removePerson = (id: string): Promise<void> => call('DELETE', `/api/v1/people/${id}`);

export const invite = (
  input: { email: string; name?: string } & Roles,
): Promise<Invitation & { link: string }> => call('POST', '/api/v1/invitations', input);

export const withdrawInvitation = (id: string): Promise<void> =>
  call('DELETE', `/api/v1/invitations/${id}`);

// Projects and keys.

export const createProject = (name: string): Promise<Project> =>
  call('POST', '/api/v1/projects', { name });

export const changeProject = (
  id: string,
  input: { name?: string; environments?: string[] },
): Promise<void> => call('PATCH', `/api/v1/projects/${id}`, input);

export const keysQuery = (projectId: string) =>
  settingsQuery<{ keys: ApiKey[] }>(['keys', projectId], inProject('/api/v1/api-keys', projectId));

export const createKey = (
  projectId: string,
  input: { name: string; scopes: Scope[]; environment?: string; expiresAt?: string },
): Promise<NewApiKey> => call('POST', inProject('/api/v1/api-keys', projectId), input);

export const rotateKey = (
  projectId: string,
  id: string,
  overlapSeconds: number,
): Promise<NewApiKey> =>
  call('POST', inProject(`/api/v1/api-keys/${id}/rotate`, projectId), { overlapSeconds });

export const revokeKey = (projectId: string, id: string): Promise<void> =>
  call('DELETE', inProject(`/api/v1/api-keys/${id}`, projectId));

// Prices.

/** What a provider charges for a model from a given day on. */
export type Price = Schemas['PriceView'];

/** A price of the starter price book. */
export type StarterPrice = Schemas['StarterPriceView'];

const PRICES = '/api/v1/analytics/costs/prices';

export const pricesQuery = (projectId: string) =>
  settingsQuery<Schemas['PriceBookView']>(['prices', projectId], inProject(PRICES, projectId));

/** The price book as it is sent: whole. */
export type PriceInput = Schemas['PriceInput'];
export type PriceBook = Schemas['PriceBookView'];
export type PricesChanged = Schemas['PricesChanged'];

/** Replaces the prices of a book of that version, or, with `dryRun`, says what that would change. */
export const changePrices = (
  projectId: string,
  input: { prices: PriceInput[]; version: number; dryRun?: boolean },
  signal?: AbortSignal,
): Promise<PricesChanged> => call('PUT', inProject(PRICES, projectId), input, signal);

export const starterPricesQuery = (projectId: string) =>
  settingsQuery<Schemas['StarterBookView']>(
    ['starter prices', projectId],
    inProject(`${PRICES}/starter`, projectId),
  );

export const adoptStarterPrices = (
  projectId: string,
  input: { effectiveFrom: string },
): Promise<Schemas['PricesChanged']> =>
  call('POST', inProject(`${PRICES}/starter`, projectId), input);

// Privacy.

export const redactionQuery = (projectId: string) =>
  settingsQuery<Redaction>(['redaction', projectId], inProject('/api/v1/redaction', projectId));

export const saveRedaction = (
  projectId: string,
  input: RedactionRules & { version: number },
): Promise<void> => call('PUT', inProject('/api/v1/redaction', projectId), input);

/** Previews what rules would do to an event. Stores nothing. */
export const redactionPreviewQuery = (projectId: string, rules: RedactionRules, event: unknown) =>
  queryOptions({
    queryKey: ['settings', 'redaction preview', projectId, rules, event],
    retry: false,
    staleTime: Infinity,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      pacedCall<RedactionPreview>(
        'POST',
        inProject('/api/v1/redaction/preview', projectId),
        { rules, event },
        signal,
      ),
  });

export const privacyQuery = settingsQuery<{ anonymizeUsers: boolean }>(
  ['privacy'],
  '/api/v1/privacy',
);

export const savePrivacy = (anonymizeUsers: boolean): Promise<void> =>
  call('PUT', '/api/v1/privacy', { anonymizeUsers });

export const erasuresQuery = (projectId: string) =>
  settingsQuery<{ erasures: Erasure[] }>(
    ['erasures', projectId],
    inProject('/api/v1/privacy/erasures', projectId),
  );

export const eraseUser = (projectId: string, userId: string): Promise<Erasure> =>
  call('POST', inProject('/api/v1/privacy/erasures', projectId), { userId });

// The organisation.

/** The identity provider, or null if there is none. */
export const providerQuery = queryOptions({
  queryKey: ['settings', 'identity provider'],
  queryFn: async ({ signal }): Promise<IdentityProvider | null> => {
    try {
      return await pacedCall('GET', '/api/v1/identity-provider', undefined, signal);
    } catch (error) {
      if (error instanceof ApiError && error.problem.status === 404) return null;
      throw error;
    }
  },
});

/** Saves the provider; `secretLost` is read-only. */
export const saveProvider = (
  input: Omit<IdentityProvider, 'secretLost'> & { clientSecret?: string },
): Promise<void> => call('PUT', '/api/v1/identity-provider', input);

export const removeProvider = (): Promise<void> => call('DELETE', '/api/v1/identity-provider');

// The audit log.

/** Filters for the audit log of a project and its organisation; an absent filter matches every entry. */
export interface AuditFilter {
  projectId: string;
  kind?: 'change' | 'access';
  action?: string;
  actor?: string;
  subject?: string;
  /** RFC 3339. */
  from?: string;
  to?: string;
}

export const auditQuery = (filter: AuditFilter, cursor: string | undefined) =>
  queryOptions({
    queryKey: ['settings', 'audit', filter, cursor],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      pacedCall<{ entries: AuditEntry[]; nextCursor?: string | null }>(
        'GET',
        withParameters('/api/v1/audit', { ...filter, cursor, limit: 50 }),
        undefined,
        signal,
      ),
  });

export const auditExportPath = (filter: AuditFilter, format: 'csv' | 'ndjson'): string =>
  withParameters('/api/v1/audit/export', { ...filter, format });
