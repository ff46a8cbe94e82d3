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

/** What people see of a step: its id if no event of it had a name. */
const labelOf = ({ id, name }: { id: string; name: string | null }): string => name ?? id;

const namedNodes = <T extends { step: StepName }>(nodes: T[]): T[] =>
  nodes.map((node) => ({ ...node, step: { ...node.step, name: labelOf(node.step) } }));

const namedPaths = <T extends { steps: Variant['steps'] }>(rows: T[]): T[] =>
  rows.map((row) => ({
    ...row,
    steps: row.steps.map((step) => ({ ...step, name: labelOf(step) })),
  }));

const read = <T>(path: string, frame: MapFrame, signal: AbortSignal): Promise<T> =>
  pacedCall('GET', withParameters(path, frame), undefined, signal);

/** Reads the map of a workflow. */
export async function readMap(
  workflow: string,
  frame: MapFrame,
  signal: AbortSignal,
): Promise<ProcessMap> {
  const map = await read<ProcessMap>(`${analytics(workflow)}/map`, frame, signal);
  return { ...map, nodes: namedNodes(map.nodes) };
}

/** Reads a page of the variants of a workflow. */
export async function readVariants(
  workflow: string,
  frame: MapFrame,
  signal: AbortSignal,
): Promise<Variants> {
  const page = await read<Variants>(`${analytics(workflow)}/variants`, frame, signal);
  return { ...page, rows: namedPaths(page.rows) };
}

/** Reads how two groups of executions of a workflow differ. */
export async function readComparison(
  workflow: string,
  frame: MapFrame,
  signal: AbortSignal,
): Promise<VariantComparison> {
  const path = `${analytics(workflow)}/variants/comparison`;
  const found = await read<VariantComparison>(path, frame, signal);
  return { ...found, rows: namedPaths(found.rows), nodes: namedNodes(found.nodes) };
}
