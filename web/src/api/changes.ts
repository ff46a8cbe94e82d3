import type { Unit } from './types';
import { pacedCall, withParameters } from './client';

/** What kind of change was found. */
export type ChangeKind =
  | 'step_slower'
  | 'workflow_slower'
  | 'failures_rising'
  | 'connector_down'
  | 'cost_spike'
  | 'error_new'
  | 'error_escalating'
  | 'workflow_silent';

/** How sure the detectors are. */
export type Confidence = 'certain' | 'likely' | 'possible';

/** A workflow that a change is about. */
export interface Named {
  id: string;
  name: string;
}

/** What a change did, in total over its part of the range and per run or day; null where it does not apply. */
export interface ChangeEffect {
  runs: number | null;
  failedRuns: number | null;
  milliseconds: number | null;
  /** US dollars. */
  cost: number | null;
  perRunMilliseconds: number | null;
  costPerDay: number | null;
}

/** One change, as `GET /api/v1/analytics/changes` reports it. Times are RFC 3339. */
export interface Change {
  id: string;
  kind: ChangeKind;
  since: string;
  until: string | null;
  ongoing: boolean;
  /** The workflow, if it is only one. */
  workflow: Named | null;
  /** The workflows it is about, the most affected first; `workflowCount` counts those left out, too. */
  workflows: Named[];
  workflowCount: number;
  version: string | null;
  step: { id: string; name: string; type: string | null } | null;
  connector: string | null;
  model: string | null;
  errorGroup: { id: string; title: string } | null;
  metric: string;
  unit: Unit;
  before: number | null;
  after: number | null;
  ratio: number | null;
  /** At 95 % confidence. */
  difference: { value: number; lower: number; upper: number } | null;
  effect: ChangeEffect;
  samples: { before: number; after: number };
  confidence: Confidence;
  pValue: number | null;
  series: { bucket: 'hour' | 'day'; from: string; values: (number | null)[] };
}

/** The changes of a range, those with the largest effect first. */
export interface Changes {
  changes: Change[];
  comparedWith: { from: string; to: string } | null;
  /** How many series were looked at; 0 if nothing had enough data. */
  tested: number;
  /** How many smaller changes the limit left out. */
  omitted: number;
}

/** The parameters of a request for changes. */
export interface ChangesFrame {
  from: string;
  to: string;
  timezone: string;
  environment: string | undefined;
  workflowId: string | undefined;
  limit: number;
}

/** What changed in a range. */
export const readChanges = (
  projectId: string,
  frame: ChangesFrame,
  signal: AbortSignal,
): Promise<Changes> =>
  pacedCall(
    'GET',
    withParameters('/api/v1/analytics/changes', { projectId, ...frame }),
    undefined,
    signal,
  );
