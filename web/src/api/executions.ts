import { queryOptions } from '@tanstack/react-query';
import { pacedCall, withParameters } from './client';
import type { components } from './schema.gen';

type Schemas = components['schemas'];

/** An execution in its newest state. `cost` is in US dollars, null if none was reported. */
export type ExecutionRow = Schemas['ExecutionRow'];

/** A page of executions; `newestCursor` is the position of its first row. */
export type ExecutionPage = Schemas['ExecutionList'];

/** A run of a step; cost and tokens are of what arose while only this run was running. */
export type StepBar = Schemas['StepBar'];

/** An execution that another one refers to. */
export type RelatedExecution = Schemas['RelatedExecution'];

/** An execution that was called, with the step run that called it if that is certain. */
export type CalledExecution = Schemas['CalledExecution'];

/** The steps of an execution, and when it said that it was waiting. Times are milliseconds. */
export type Timeline = Schemas['ExecutionTimeline'];

/** How long at least one step worked, and how long all that ran waited, in milliseconds. */
export type StepsTime = Schemas['StepsTime'];

/** An execution in detail. */
export type ExecutionDetail = Schemas['ExecutionDetail'];

/** The parameters of a request for executions, as the API takes them; several values of one mean any of them. */
export type ExecutionFilter = Record<string, string | string[] | undefined>;

/** Executions by when they entered their newest state. */
export type ExecutionHistogram = Schemas['ExecutionTimes'];

/** One bucket: how many executions, and how many in each state. */
export type HistogramBucket = Schemas['ExecutionBucket'];

/** What is usual for an execution, and what is not. Durations are milliseconds. */
export type ExecutionNorms = Schemas['ExecutionNorms'];

/** What is usual for a step; null below the smallest number of samples. */
export type StepNorm = Schemas['StepNorm'];

/** The executions directly above and below one in a list. */
export type ExecutionNeighbours = Schemas['ExecutionNeighbours'];

/** Something unusual about an execution. */
export type Finding = Schemas['Finding'];

/** An execution with its ancestors, descendants and retries, in the order in which they are drawn. */
export type ExecutionFamily = Schemas['ExecutionFamily'];

/** A member of a family. */
export type FamilyNode = Schemas['FamilyMember'];

/** Two executions, step by step. */
export type ExecutionComparison = Schemas['ComparedExecutions'];

/** A step of one execution beside the same step of the other. */
export type ComparedRow = Schemas['ComparedStep'];

/** One side of a compared step. */
export type ComparedStep = Schemas['ComparedRun'];

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

/** What is directly above and below an execution in the list of a filter, which says in which range. */
export const neighboursQuery = (id: string, filter: ExecutionFilter) =>
  queryOptions({
    queryKey: ['execution', 'neighbours', id, filter],
    queryFn: ({ signal }) =>
      pacedCall<ExecutionNeighbours>(
        'GET',
        withParameters(`${ofOne(id)}/neighbours`, filter),
        undefined,
        signal,
      ),
    staleTime: 60_000,
  });

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
