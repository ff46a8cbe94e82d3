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
  /** The workflows it is about, the most affected first, at most ten; `workflowCount` counts the others, too. */
  workflows: Named[];
  workflowCount: number;
  version: string | null;
  step: { id: string; name: string; type: string | null } | null;
  /** A type of step, or the provider of a cost without a model. */
  connector: string | null;
  model: string | null;
  errorGroup: { id: string; title: string } | null;
  metric: string;
  unit: Unit;
  before: number;
  after: number;
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
  /** The time before the range; empty if there is no data from before it. */
  comparedWith: { from: string; to: string };
  /** How many series were looked at. */
  tested: number;
  /** How many smaller changes the limit left out. */
  omitted: number;
  /** Whether there are too few days with data to know what is usual: then nothing was searched. */
  notEnoughData: boolean;
  daysWithData: number;
  daysNeeded: number;
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
