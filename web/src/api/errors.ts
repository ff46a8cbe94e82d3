import { queryOptions } from '@tanstack/react-query';
import { call, pacedCall, withParameters } from './client';
import type { components } from './schema.gen';

type Schemas = components['schemas'];

export type ErrorGroups = Schemas['ExecutionErrors'];
export type ErrorGroupRow = Schemas['ErrorGroupView'];
export type ErrorGroupDetail = Schemas['ErrorGroupDetail'];
/** What was decided about a group. */
export type ErrorTriage = Schemas['ErrorTriage'];
export type GroupState = Schemas['GroupState'];
export type ErrorDecision = Schemas['ErrorDecision'];
/** A person who can look after groups. */
export type Assignee = Schemas['Assignee'];
export type ErrorRule = Schemas['ErrorRule'];
export type ErrorRules = Schemas['ErrorRules'];
export type ErrorRulesPreview = Schemas['ErrorRulesPreview'];
export type Regrouped = Schemas['ErrorsRegrouped'];
export type Split = Schemas['ErrorGroupSplit'];

/** The classes that an error can have. */
export const ERROR_CLASSES = [
  'timeout',
  'network',
  'auth',
  'rate_limit',
  'validation',
  'not_found',
  'server',
  'quota',
  'code',
  'unknown',
] as const;

/** The parameters of a request for errors, as the API takes them. */
export type ErrorFrame = Record<string, string | undefined>;

/** Error groups, most frequent first. */
export const readErrorGroups = (
  projectId: string,
  frame: ErrorFrame,
  signal: AbortSignal,
): Promise<ErrorGroups> =>
  pacedCall(
    'GET',
    withParameters('/api/v1/errors/groups', { projectId, ...frame }),
    undefined,
    signal,
  );

/** One group and its members. */
export const readErrorGroup = (
  projectId: string,
  id: string,
  frame: ErrorFrame,
  signal: AbortSignal,
): Promise<ErrorGroupDetail> =>
  pacedCall(
    'GET',
    withParameters(`/api/v1/errors/groups/${encodeURIComponent(id)}`, { projectId, ...frame }),
    undefined,
    signal,
  );

/** The project's current rules, or an earlier version of them. */
export const errorRulesQuery = (projectId: string, version?: number) =>
  queryOptions({
    queryKey: ['error rules', projectId, version],
    queryFn: ({ signal }) =>
      pacedCall<ErrorRules>(
        'GET',
        withParameters('/api/v1/errors/rules', { projectId, version }),
        undefined,
        signal,
      ),
  });

const at = (path: string, projectId: string): string =>
  withParameters(`/api/v1/errors/${path}`, { projectId });
const group = (id: string): string => `groups/${encodeURIComponent(id)}`;

/** Merges other groups into this one. */
export const mergeGroups = (projectId: string, id: string, groups: string[]): Promise<Regrouped> =>
  call('POST', at(`${group(id)}/merge`, projectId), { groups });

/** Renames a group; null restores the name taken from its newest message. */
export const renameGroup = (
  projectId: string,
  id: string,
  title: string | null,
): Promise<Regrouped> => call('PATCH', at(group(id), projectId), { title });

/** Splits errors off from a group. */
export const splitGroup = (projectId: string, id: string, split: Split): Promise<Regrouped> =>
  call('POST', at(`${group(id)}/split`, projectId), split);

/** Previews how rules would regroup stored errors. Changes nothing. */
export const tryRules = (projectId: string, rules: ErrorRule[]): Promise<ErrorRulesPreview> =>
  call('POST', at('rules/dry-run', projectId), { rules });

/** Applies rules. Fails if `version` is not the newest. */
export const saveRules = (
  projectId: string,
  version: number,
  rules: ErrorRule[],
  note: string | undefined,
): Promise<Regrouped> => call('PUT', at('rules', projectId), { version, rules, note });

const tagOf = ({ revision }: ErrorTriage): string => `"${revision}"`;

/** Resolves, ignores or reopens a group; fails with `precondition_failed` if something else was decided meanwhile. */
export const decideGroup = (
  projectId: string,
  id: string,
  before: ErrorTriage,
  decision: { state: ErrorDecision; note: string | undefined },
): Promise<ErrorTriage> =>
  call('PUT', at(`${group(id)}/state`, projectId), decision, undefined, tagOf(before));

/** Names who looks after a group, null for nobody; fails with `precondition_failed` if it was changed meanwhile. */
export const assignGroup = (
  projectId: string,
  id: string,
  before: ErrorTriage,
  assigneeId: string | null,
): Promise<ErrorTriage> =>
  call('PUT', at(`${group(id)}/assignee`, projectId), { assigneeId }, undefined, tagOf(before));

/** The people to whom the groups of a project can be assigned. */
export const assigneesQuery = (projectId: string) =>
  queryOptions({
    queryKey: ['assignees', projectId],
    staleTime: 60_000,
    queryFn: ({ signal }) =>
      pacedCall<Schemas['Assignees']>('GET', at('assignees', projectId), undefined, signal),
  });
