import { queryOptions } from '@tanstack/react-query';
import { call, pacedCall, withParameters } from './client';
import type { MapFrame } from './processMap';
import type { components } from './schema.gen';

type Schemas = components['schemas'];

/** The kinds of conformance rules. */
export const RULE_KINDS = [
  'never_before',
  'followed_by',
  'followed_within',
  'preceded_by',
  'never_together',
  'at_most',
  'exactly_once',
  'starts_with',
  'ends_with',
  'never',
] as const satisfies Schemas['ProcessRuleKind'][];
export type RuleKind = Schemas['ProcessRuleKind'];

/** A rule about the steps of a workflow; the server gives ids to rules without one. */
export type Rule = Schemas['ProcessRuleInput'];

/** The rules of a workflow; the version is 0 if there never were any. */
export type Rules = Schemas['ProcessRules'];

/** A rule, and the executions that break it. The share is percent, with its 95 % bounds. */
export type Judged = Schemas['JudgedRule'];

/** How the executions of a workflow keep to rules. */
export type Conformance = Schemas['WorkflowConformance'];

const rulesPath = (projectId: string, workflow: string): string =>
  withParameters(`/api/v1/workflows/${encodeURIComponent(workflow)}/rules`, { projectId });

const conformancePath = (workflow: string, frame: MapFrame): string =>
  withParameters(`/api/v1/analytics/workflows/${encodeURIComponent(workflow)}/conformance`, frame);

export const rulesQuery = (projectId: string, workflow: string) =>
  queryOptions({
    queryKey: ['process rules', projectId, workflow],
    queryFn: ({ signal }) =>
      pacedCall<Rules>('GET', rulesPath(projectId, workflow), undefined, signal),
  });

/** Replaces the rules of a workflow if they still have the version; fails with `precondition_failed` otherwise. */
export const saveRules = (
  projectId: string,
  workflow: string,
  rules: Rule[],
  version: number,
): Promise<Rules> =>
  call('PUT', rulesPath(projectId, workflow), { rules }, undefined, `"${version}"`);

/** Judges rules without saving them. */
export const judge = (
  workflow: string,
  frame: MapFrame,
  rules: Rule[],
  signal: AbortSignal,
): Promise<Conformance> => pacedCall('POST', conformancePath(workflow, frame), { rules }, signal);
