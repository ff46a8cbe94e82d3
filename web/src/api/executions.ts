import { queryOptions } from '@tanstack/react-query';
import { pacedCall, withParameters } from './client';
import type { components } from './schema.gen';

type Schemas = components['schemas'];

/** An execution in its newest state. `cost` is in US dollars, null if none was reported. */
export type ExecutionRow = Schemas['ExecutionRow'] & {
  errorGroup?: string | null;
  errorClass?: string | null;
  cost?: number | null;
  credits?: number | null;
};

/** A page of executions; `newestCursor` is the position of its first row. */
export type ExecutionPage = Omit<Schemas['ExecutionList'], 'executions'> & {
  executions: ExecutionRow[];
  newestCursor?: string | null;
};

/** A run of a step; cost and tokens are of what arose while only this run was running. */
export type StepBar = Schemas['StepBar'] & {
  /** Which run of its step it is, by start, from 1. */
  occurrence?: number;
  cost?: number | null;
  inputTokens?: number | null;
  outputTokens?: number | null;
};

/** An execution that another one refers to, with the step run that called it if that is certain. */
export type RelatedExecution = Schemas['RelatedExecution'] & {
  startedAt?: string | null;
  stepId?: string | null;
  occurrence?: number | null;
};

/** The steps of an execution, and when it said that it was waiting. Times are milliseconds. */
export type Timeline = Omit<Schemas['ExecutionTimeline'], 'steps'> & {
  steps: StepBar[];
  waiting?: number;
  waits?: { offset: number; duration: number }[];
  stepsTime: StepsTime;
};

/** How long at least one step worked, and how long all that ran waited, in milliseconds. */
export type StepsTime = Schemas['StepsTime'];

/** An execution in detail. */
export type ExecutionDetail = Omit<
  Schemas['ExecutionDetail'],
  'timeline' | 'children' | 'retries'
> &
  ExecutionRow & {
    timeline: Timeline;
    children: RelatedExecution[];
    retries: RelatedExecution[];
  };

/** The parameters of a request for executions, as the API takes them. */
export type ExecutionFilter = Record<string, string | undefined>;

/** Executions by when they entered their newest state. */
export interface ExecutionHistogram {
  range: { from: string; to: string };
  granularity: 'minute' | 'hour' | 'day' | 'week' | 'month';
  total: number;
  buckets: HistogramBucket[];
}

/** One bucket: how many executions, and how many in each state. */
export interface HistogramBucket {
  /** The start, RFC 3339. */
  time: string;
  executions: number;
  completed: number;
  failed: number;
  crashed: number;
  canceled: number;
  waiting: number;
  started: number;
  stale: number;
}

/** A step as findings and comparisons name it. */
export interface StepName {
  id: string;
  name: string | null;
  type: string | null;
}

/** What is usual for an execution, and what is not. Durations are milliseconds. */
export interface ExecutionNorms {
  basis: {
    from: string;
    to: string;
    environment: string | null;
    executions: number;
    minimum: number;
  };
  /** `ratio` is the duration by the 95th percentile. */
  execution: {
    duration: number | null;
    p50: number | null;
    p95: number | null;
    ratio: number | null;
    samples: number;
  };
  stepsTime: StepsTime;
  steps: StepNorm[];
  stepsOmitted: number;
  findings: Finding[];
  findingsOmitted: number;
  errorGroup: {
    id: string;
    title: string;
    named: boolean;
    executionsSince: number;
    first: string;
    last: string;
    count24h: number;
  } | null;
  /** The neighbours of the same workflow and environment, by start. */
  previous: string | null;
  next: string | null;
}

/** What is usual for a step; null below the smallest number of samples. */
export interface StepNorm {
  stepId: string;
  occurrence: number;
  duration: number | null;
  p50: number | null;
  p95: number | null;
  ratio: number | null;
  samples: number;
  waitDuration: number | null;
}

/** Something unusual about an execution. */
export interface Finding {
  kind: string;
  step: StepName | null;
  occurrence: number | null;
  value: number;
  unit: 'milliseconds' | 'usd' | 'count';
  /** How much of the value a slow step waited, in milliseconds. */
  wait: number | null;
  /** The 95th percentile of the past, or for what is rare the number of past executions. */
  typical: number | null;
  ratio: number | null;
  samples: number;
  score: number;
  runs: number;
}

/** An execution with its ancestors, descendants and retries, in the order in which they are drawn. */
export interface ExecutionFamily {
  root: string;
  nodes: FamilyNode[];
  outcome: {
    status: string;
    executions: number;
    failed: number;
    retried: number;
    open: number;
    durationMs: number | null;
    cost: number | null;
    startedAt: string | null;
    endedAt: string | null;
    /** How many attempts the root took. */
    attempts: number;
    /** The attempt of the root that gave the outcome. */
    decidedBy: string | null;
  };
  /** How many executions are left out. */
  omitted: number;
  truncated: boolean;
}

export interface FamilyNode {
  execution: ExecutionRow;
  parentId: string | null;
  retryOf: string | null;
  depth: number;
}

/** One side of a compared step. */
export interface ComparedStep {
  /** Milliseconds since the start of its execution. */
  offset: number;
  duration: number | null;
  /** How much of the duration it waited. */
  waitDuration: number | null;
  status: string;
  attempts: number;
  cost: number | null;
}

export type ComparedKind = 'only_a' | 'only_b' | 'status' | 'slower' | 'faster' | 'same';

/** Two executions, step by step. */
export interface ExecutionComparison {
  a: ExecutionRow;
  b: ExecutionRow;
  aTime: StepsTime;
  bTime: StepsTime;
  rows: ComparedRow[];
  differences: { field: string; a: string | number | null; b: string | number | null }[];
  rowsOmitted: number;
}

export interface ComparedRow {
  step: StepName;
  occurrence: number;
  a: ComparedStep | null;
  b: ComparedStep | null;
  /** Milliseconds by which B takes longer. */
  difference: number | null;
  kind: ComparedKind;
  /** Its place by importance, 1 being the most important. */
  rank: number;
  /** The row in which the same step stands on the other side, if parallel steps changed places. */
  counterpart: number | null;
}

const BASE = '/api/v1/executions';
/** How often an execution that has not ended is read again, in milliseconds. */
const OPEN_MS = 5_000;
const ofOne = (id: string): string => `${BASE}/${encodeURIComponent(id)}`;

/** A page of executions, newest first. */
export const readExecutions = (
  filter: ExecutionFilter,
  limit: number,
  cursor: string | undefined,
  signal?: AbortSignal,
): Promise<ExecutionPage> =>
  pacedCall('GET', withParameters(BASE, { ...filter, limit, cursor }), undefined, signal);

/** When the executions of a filter happened. */
export const readHistogram = (
  filter: ExecutionFilter,
  granularity: string,
  signal?: AbortSignal,
): Promise<ExecutionHistogram> =>
  pacedCall(
    'GET',
    withParameters(`${BASE}/histogram`, { ...filter, granularity }),
    undefined,
    signal,
  );

/** A part of what is known about an execution. What has ended no longer changes, apart from corrections. */
const read = <T>(projectId: string, path: string, run: number | undefined, open: boolean) =>
  queryOptions({
    queryKey: ['execution', projectId, path, run],
    queryFn: ({ signal }) =>
      pacedCall<T>('GET', withParameters(path, { projectId, run }), undefined, signal),
    staleTime: 60_000,
    refetchInterval: open ? OPEN_MS : (false as const),
  });

/** One execution with its steps; `run` is one of its runs, otherwise the newest. */
export const executionQuery = (projectId: string, id: string, run?: number) =>
  queryOptions({
    queryKey: ['execution', projectId, 'detail', id, run],
    queryFn: ({ signal }) =>
      pacedCall<ExecutionDetail>(
        'GET',
        withParameters(ofOne(id), { projectId, run }),
        undefined,
        signal,
      ),
    staleTime: 60_000,
    refetchInterval: ({ state }) => (state.data && isOpen(state.data) ? OPEN_MS : false),
  });

/** Whether an execution has not ended. */
export const isOpen = ({ status }: Pick<ExecutionRow, 'status'>): boolean =>
  status === 'started' || status === 'waiting';

/** What is usual and unusual about an execution. */
export const normsQuery = (projectId: string, id: string, run?: number) =>
  read<ExecutionNorms>(projectId, `${ofOne(id)}/norms`, run, false);

/** The ancestors, descendants and retries of an execution. */
export const familyQuery = (projectId: string, id: string, open: boolean) =>
  read<ExecutionFamily>(projectId, `${ofOne(id)}/tree`, undefined, open);

/** Two executions, step by step. */
export const comparisonQuery = (projectId: string, a: string, b: string) =>
  queryOptions({
    queryKey: ['execution', projectId, 'comparison', a, b],
    queryFn: ({ signal }) =>
      pacedCall<ExecutionComparison>(
        'GET',
        withParameters(`${BASE}/comparison`, { projectId, a, b }),
        undefined,
        signal,
      ),
    staleTime: 60_000,
  });
