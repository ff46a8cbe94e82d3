import { pacedCall, withParameters } from './client';
import type { components } from './schema.gen';

type Schemas = components['schemas'];

/** A step in the map of a workflow. Durations are milliseconds, costs US dollars. */
export type StepNode = Schemas['MapNode'];

/** What came directly after what; `null` is the start or the end of an execution. The share is percent. */
export type Flow = Schemas['MapEdge'];

/** The directly-follows graph of a workflow. */
export type ProcessMap = Schemas['WorkflowMap'];

/** A path that executions took. Shares and rates are percent; the cost is of all its executions. */
export type Variant = Schemas['VariantRow'];

/** The paths of a workflow, the most frequent first. */
export type Variants = Schemas['WorkflowVariants'];

/** A difference of two shares in percentage points, the first less the second, with its 95 % bounds. */
export type Difference = Schemas['ShareDifference'];

/** Two groups of executions side by side; a share is null if its group is empty. */
export type VariantComparison = Schemas['VariantComparison'];

/** The filters of a view as the API takes them; times are RFC 3339. */
export type MapFrame = Record<string, string | undefined>;

const analytics = (workflow: string): string =>
  `/api/v1/analytics/workflows/${encodeURIComponent(workflow)}`;

const read = <T>(path: string, frame: MapFrame, signal: AbortSignal): Promise<T> =>
  pacedCall('GET', withParameters(path, frame), undefined, signal);

/** Reads the map of a workflow. */
export const readMap = (
  workflow: string,
  frame: MapFrame,
  signal: AbortSignal,
): Promise<ProcessMap> => read(`${analytics(workflow)}/map`, frame, signal);

/** Reads a page of the variants of a workflow. */
export const readVariants = (
  workflow: string,
  frame: MapFrame,
  signal: AbortSignal,
): Promise<Variants> => read(`${analytics(workflow)}/variants`, frame, signal);

/** Reads how two groups of executions of a workflow differ. */
export const readComparison = (
  workflow: string,
  frame: MapFrame,
  signal: AbortSignal,
): Promise<VariantComparison> => read(`${analytics(workflow)}/variants/comparison`, frame, signal);
