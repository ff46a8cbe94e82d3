import { queryOptions } from '@tanstack/react-query';
import { call, pacedCall, withParameters } from './client';
import type { MapFrame } from './processMap';

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
] as const;
export type RuleKind = (typeof RULE_KINDS)[number];

/** A rule about the steps of a workflow; the server gives ids to rules without one. */
export interface Rule {
  id?: string;
  kind: RuleKind;
  step: string;
  other: string | null;
  withinMs: number | null;
  times: number | null;
}

/** The rules of a workflow; the version is 0 if there never were any. */
export interface Rules {
  rules: Rule[];
  version: number;
}

/** An execution that breaks a rule. */
export interface Violation {
  id: string;
  executionId: string;
  startedAt: string | null;
  status: string;
  /** How it breaks the rule, in a sentence. */
  why: string;
}

/** A rule, and the executions that break it. The share is percent, with its 95 % bounds. */
export interface Judged {
  rule: Rule;
  applicable: number;
  violations: number;
  share: { value: number; lower: number; upper: number } | null;
  examples: Violation[];
}

/** How the executions of a workflow keep to rules. */
export interface Conformance {
  executions: number;
  rules: Judged[];
}

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
