import { pacedCall, withParameters } from './client';

/** A step as answers name it. */
export interface StepName {
  id: string;
  name: string;
  type: string | null;
}

/** How many executions whose last step this is ended how, or have not ended. */
export interface Ends {
  completed: number;
  failed: number;
  canceled: number;
  open: number;
}

/** Runs of a step beyond the first in an execution, and what they cost. */
export interface Rework {
  executions: number;
  runs: number;
  durationMs: number;
  cost: number | null;
}

/** A step in the map of a workflow. Durations are milliseconds, costs US dollars. */
export interface StepNode {
  step: StepName;
  executions: number;
  runs: number;
  durationP50: number | null;
  durationP95: number | null;
  durationSum: number | null;
  /** How much of the sum it waited for a person or for a time, and how much it worked. */
  waitingSum: number;
  workingSum: number | null;
  failedRuns: number;
  cost: number | null;
  rework: Rework;
  ends: Ends;
}

/** What came directly after what; `null` is the start or the end of an execution. */
export interface Flow {
  from: string | null;
  to: string | null;
  executions: number;
  runs: number;
  /** Of all executions, in percent. */
  share: number;
  waitP50: number | null;
  waitP95: number | null;
  waitSum: number | null;
}

/** The directly-follows graph of a workflow. */
export interface ProcessMap {
  executions: number;
  nodes: StepNode[];
  edges: Flow[];
  /** How many of the executions have not ended. */
  open: number;
  omitted: { nodes: number; edges: number };
}

/** A path that executions took. Shares and rates are percent; the cost is of all its executions. */
export interface Variant {
  id: string;
  steps: { id: string; name: string; repeats: number }[];
  length: number;
  executions: number;
  share: number;
  successRate: number | null;
  durationP50: number | null;
  durationP95: number | null;
  cost: number | null;
  firstSeen: string;
  lastSeen: string;
  /** The path is longer than what is compared. */
  truncated?: boolean;
}

/** The paths of a workflow, the most frequent first. */
export interface Variants {
  executions: number;
  variants: number;
  /** How many more executions have not ended. */
  open: number;
  rows: Variant[];
  other: { variants: number; executions: number; share: number };
  nextCursor: string | null;
}

/** A difference of two shares in percentage points, the first less the second, with its 95 % bounds. */
export interface Difference {
  value: number;
  lower: number;
  upper: number;
}

/** A part of a group; its share is null if the group is empty. */
interface Taken {
  executions: number;
  share: number | null;
}

/** Two groups of executions side by side. */
export interface VariantComparison {
  /** How many executions each group needs before a difference is reported. */
  enough: number;
  a: { label: string; executions: number };
  b: { label: string; executions: number };
  rows: {
    id: string;
    steps: Variant['steps'];
    a: Taken;
    b: Taken;
    difference: Difference | null;
    finding: 'different' | 'no_difference' | 'not_enough_data';
  }[];
  edges: {
    from: string;
    to: string;
    a: Taken & { waitP50: number | null };
    b: Taken & { waitP50: number | null };
  }[];
  nodes: {
    step: StepName;
    a: Taken & { durationP50: number | null };
    b: Taken & { durationP50: number | null };
  }[];
}

/** The filters of a view as the API takes them; times are RFC 3339. */
export type MapFrame = Record<string, string | undefined>;

const analytics = (workflow: string): string =>
  `/api/v1/analytics/workflows/${encodeURIComponent(workflow)}`;

export const readMap = (
  workflow: string,
  frame: MapFrame,
  signal: AbortSignal,
): Promise<ProcessMap> =>
  pacedCall('GET', withParameters(`${analytics(workflow)}/map`, frame), undefined, signal);

export const readVariants = (
  workflow: string,
  frame: MapFrame,
  signal: AbortSignal,
): Promise<Variants> =>
  pacedCall('GET', withParameters(`${analytics(workflow)}/variants`, frame), undefined, signal);

export const readComparison = (
  workflow: string,
  frame: MapFrame,
  signal: AbortSignal,
): Promise<VariantComparison> =>
  pacedCall(
    'GET',
    withParameters(`${analytics(workflow)}/variants/comparison`, frame),
    undefined,
    signal,
  );
