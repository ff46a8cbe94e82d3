import type { Flow, ProcessMap, StepNode } from '@/api/processMap';
import type { Graph, GraphEdge, GraphNode, NodeKind } from './layout/model';

/** The node of a step. The prefix keeps steps apart from the start and the ends, whatever they are called. */
export const stepKey = (id: string): string => `step:${id}`;

const STEP = stepKey('');

/** The id of the step that a node stands for; null for the start and the ends. */
export const stepOf = (key: string): string | null =>
  key.startsWith(STEP) ? key.slice(STEP.length) : null;

/** The name of a step, or its id if it has none. */
export const stepName = ({ id, name }: { id: string; name?: string | null }): string => name ?? id;

/** The key of an edge between two nodes. */
export const edgeKey = (from: string, to: string): string => `${from}\u0000${to}`;

/** A node of the map, and the step that it stands for; null for the start and the ends. */
export interface MapNode extends GraphNode {
  step: StepNode | null;
}

/** An edge of the map, and what is known of the executions on it. */
export interface MapEdge extends GraphEdge {
  /** The edge as the API has it; null for those who failed or dropped out, of whom only the number is known. */
  flow: Flow | null;
  executions: number;
  /** Of all executions, in percent. */
  share: number;
}

/** The map of a workflow as it is drawn. */
export interface MapGraph extends Graph {
  nodes: MapNode[];
  edges: MapEdge[];
  executions: number;
}

/** How executions end that do not complete, and how many of those whose last step this is ended so. */
const LOSSES: { kind: NodeKind; count: (node: StepNode) => number }[] = [
  { kind: 'failed', count: ({ ends }) => ends.failed },
  { kind: 'dropped', count: ({ ends }) => ends.canceled },
];

/** The edges from a step to the ends of the executions that failed or were canceled after it. */
function losses(node: StepNode, executions: number): MapEdge[] {
  const from = stepKey(node.step.id);
  return LOSSES.flatMap(({ kind, count }) => {
    const lost = count(node);
    if (lost === 0) return [];
    const share = executions > 0 ? (lost / executions) * 100 : 0;
    return {
      key: edgeKey(from, kind),
      from,
      to: kind,
      weight: lost,
      flow: null,
      executions: lost,
      share,
    };
  });
}

/** The graph of a map: steps, the start, and an end for each kind of outcome that there was. */
export function graphOf(map: ProcessMap): MapGraph {
  const steps = new Map(map.nodes.map((node) => [node.step.id, node]));
  const known = (id: string | null | undefined): boolean => id == null || steps.has(id);
  const flows = map.edges.flatMap((flow): MapEdge[] => {
    if (!known(flow.from) || !known(flow.to)) return [];
    const from = flow.from == null ? 'start' : stepKey(flow.from);
    const to = flow.to == null ? 'end' : stepKey(flow.to);
    const { executions, runs: weight } = flow;
    const key = edgeKey(from, to);
    return [{ key, from, to, weight, flow, executions, share: flow.share ?? 0 }];
  });
  const edges = [...flows, ...map.nodes.flatMap((node) => losses(node, map.executions))];
  const ends = (['start', 'end', 'failed', 'dropped'] as const).flatMap((kind): MapNode[] => {
    const touching = edges.filter(({ from, to }) => from === kind || to === kind);
    const weight = touching.reduce((sum, edge) => sum + edge.executions, 0);
    return weight > 0 ? [{ key: kind, kind, weight, step: null }] : [];
  });
  const nodes = map.nodes.map((step): MapNode => {
    return { key: stepKey(step.step.id), kind: 'step', weight: step.runs, step };
  });
  return { nodes: [...nodes, ...ends], edges, executions: map.executions };
}
