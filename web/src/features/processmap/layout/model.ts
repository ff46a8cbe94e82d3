/** What a node of the map stands for: a step, or one of the places where executions begin and end. */
export type NodeKind = 'step' | 'start' | 'end' | 'failed' | 'dropped';

/** A node of a directly-follows graph. */
export interface GraphNode {
  key: string;
  kind: NodeKind;
  /** How many executions visited it. */
  weight: number;
}

/** An edge of a directly-follows graph: what came directly after what. */
export interface GraphEdge {
  key: string;
  from: string;
  to: string;
  /** How often that happened. */
  weight: number;
}

export interface Graph {
  nodes: GraphNode[];
  edges: GraphEdge[];
}

/** The box of a node, in pixels from the top left of the map. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A point of the map, in pixels. */
export interface Point {
  x: number;
  y: number;
}

/** How an edge runs: onward, back to an earlier layer, within its layer, or from a node to itself. */
export type Course = 'forward' | 'back' | 'flat' | 'self';

/** An edge as it is drawn: cubic Bézier curves, joined end to end. */
export interface Route {
  course: Course;
  /** The first point of the first curve, then two control points and the end of each curve. */
  points: Point[];
}

/** The map, laid out. */
export interface Layout {
  width: number;
  height: number;
  /** By the key of the node. */
  boxes: Map<string, Box>;
  /** By the key of the edge. */
  routes: Map<string, Route>;
}

/** Sizes of the map, in pixels. */
export const SIZE = {
  /** A step's card. */
  card: { width: 148, height: 66 },
  /** The circle of a start or an end. */
  circle: 26,
  /** Between two layers: arrows change their height only here, and need more room the more they do. */
  channel: { least: 68, most: 96 },
  /** Between two cards of a layer: arrows pass here. */
  gap: 44,
  /** Around an arrow that passes between cards. */
  lane: 26,
  /** Between two arrows that pass through one gap, where it is wide enough. */
  apart: 9,
  /** Between a card and an arrow that passes it. */
  clear: 8,
} as const;

export const isStep = (node: GraphNode): boolean => node.kind === 'step';

/** Compares texts by code units: the same order in every browser and locale. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The heaviest edges first; edges of one weight by their keys, so that the order never depends on the answer's. */
export const byWeight = (a: GraphEdge, b: GraphEdge): number =>
  b.weight - a.weight || byText(a.key, b.key);

/** Groups values by a key, in the order in which they come. */
export function groupedBy<T, K>(values: Iterable<T>, keyOf: (value: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group) group.push(value);
    else groups.set(keyOf(value), [value]);
  }
  return groups;
}
