import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { ask, call, withParameters } from './client';
import type { components } from './schema.gen';

type Schemas = components['schemas'];

export type ErrorGroups = Schemas['ExecutionErrors'];
export type ErrorGroupRow = Schemas['ErrorGroupView'];
export type ErrorGroupDetail = Schemas['ErrorGroupDetail'];
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

/** What errors are asked about, as the API takes it. */
export type ErrorFrame = Record<string, string | undefined>;

interface Options {
  projectId: string;
  frame: ErrorFrame;
  refreshMs: number | false;
}

function reading<T>(path: string, { projectId, frame, refreshMs }: Options) {
  return queryOptions({
    // Under the key of queries, so that news of the project refreshes them, too.
    queryKey: ['query', projectId, path, frame],
    meta: { refreshed: 'at leisure' },
    placeholderData: keepPreviousData,
    staleTime: refreshMs === false ? 60_000 : refreshMs,
    refetchInterval: refreshMs,
    queryFn: ({ signal }) =>
      ask<T>('GET', withParameters(path, { projectId, ...frame }), undefined, signal),
  });
}

/** Groups of errors, the most frequent first. */
export const errorGroupsQuery = (options: Options) =>
  reading<ErrorGroups>('/api/v1/errors/groups', options);

/** One group, with what belongs to it. */
export const errorGroupQuery = (id: string, options: Options) =>
  reading<ErrorGroupDetail>(`/api/v1/errors/groups/${encodeURIComponent(id)}`, options);

/** The project's rules, or a version of them. */
export const errorRulesQuery = (projectId: string, version?: number) =>
  queryOptions({
    queryKey: ['error rules', projectId, version],
    queryFn: ({ signal }) =>
      ask<ErrorRules>(
        'GET',
        withParameters('/api/v1/errors/rules', { projectId, version }),
        undefined,
        signal,
      ),
  });

const at = (path: string, projectId: string): string =>
  withParameters(`/api/v1/errors/${path}`, { projectId });
const group = (id: string): string => `groups/${encodeURIComponent(id)}`;

/** Makes other groups a part of one, for good. */
export const mergeGroups = (projectId: string, id: string, groups: string[]): Promise<Regrouped> =>
  call('POST', at(`${group(id)}/merge`, projectId), { groups });

/** Names a group; null gives it its newest message's name again. */
export const renameGroup = (
  projectId: string,
  id: string,
  title: string | null,
): Promise<Regrouped> => call('PATCH', at(group(id), projectId), { title });

/** Takes errors out of a group. */
export const splitGroup = (projectId: string, id: string, split: Split): Promise<Regrouped> =>
  call('POST', at(`${group(id)}/split`, projectId), split);

/** What rules would change in stored errors. Nothing is changed. */
export const tryRules = (projectId: string, rules: ErrorRule[]): Promise<ErrorRulesPreview> =>
  call('POST', at('rules/dry-run', projectId), { rules });

/** Puts rules into force; refused where `version` is not the newest. */
export const saveRules = (
  projectId: string,
  version: number,
  rules: ErrorRule[],
  note: string | undefined,
): Promise<Regrouped> => call('PUT', at('rules', projectId), { version, rules, note });
