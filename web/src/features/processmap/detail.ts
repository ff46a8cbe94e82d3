import { byWeight, groupedBy, type Graph, type GraphEdge } from './layout/model';

/** The nodes and edges of a map that are shown, by their keys. */
export interface Shown {
  nodes: Set<string>;
  edges: Set<string>;
}

/** The share of all moves that a map shows unless its reader chooses. */
const USUAL_COVERAGE = 0.8;

/**
 * For each node, the edge by which the widest path reaches it from the roots: of all paths, the one whose rarest edge
 * is the most frequent (Pollack 1960, "The maximum capacity through a network"), found as Prim finds a spanning tree.
 */
function widest(roots: string[], edges: GraphEdge[], tail: 'from' | 'to'): Map<string, GraphEdge> {
  const head = tail === 'from' ? 'to' : 'from';
  const next = groupedBy(edges.toSorted(byWeight), (edge) => edge[tail]);
  const reached = new Set(roots);
  const best = new Map<string, GraphEdge>();
  const open = roots.flatMap((root) => next.get(root) ?? []);
  while (open.length > 0) {
    open.sort(byWeight);
    const edge = open.shift();
    if (!edge || reached.has(edge[head])) continue;
    reached.add(edge[head]);
    best.set(edge[head], edge);
    open.push(...(next.get(edge[head]) ?? []));
  }
  return best;
}

/** The widest paths of a graph: from its start to each node, and from each node to an end. */
interface Trees {
  from: Map<string, GraphEdge>;
  toEnd: Map<string, GraphEdge>;
}

function treesOf({ nodes, edges }: Graph): Trees {
  const keys = (kinds: string[]): string[] =>
    nodes.flatMap(({ key, kind }) => (kinds.includes(kind) ? [key] : []));
  return {
    from: widest(keys(['start']), edges, 'from'),
    // A path that ends well is the better one, as long as there is one.
    toEnd: widest(keys(keys(['end']).length > 0 ? ['end'] : ['failed', 'dropped']), edges, 'to'),
  };
}

/** Adds the widest path from the start to each shown node, and on to an end, as far as there are any. */
function connected(shown: Shown, { from, toEnd }: Trees): Shown {
  const open = [...shown.nodes];
  const add = (edge: GraphEdge | undefined): void => {
    if (!edge || shown.edges.has(edge.key)) return;
    shown.edges.add(edge.key);
    for (const key of [edge.from, edge.to]) {
      if (shown.nodes.has(key)) continue;
      shown.nodes.add(key);
      open.push(key);
    }
  };
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    add(from.get(key));
    if (!['end', 'failed', 'dropped'].includes(key)) add(toEnd.get(key));
  }
  return shown;
}

/** The number of edges that a level of detail asks for: from 0, the main path, to 100, everything. */
const edgesAt = (detail: number, count: number): number => Math.round(count * (detail / 100) ** 2);

/**
 * What a level of detail shows: the most frequent edges with their nodes, and whatever connects these with the start
 * and an end. A level shows everything that the levels below it show.
 */
export function shownAt(graph: Graph, detail: number): Shown {
  const shown: Shown = { nodes: new Set(), edges: new Set() };
  if (detail >= 100) {
    graph.nodes.forEach(({ key }) => shown.nodes.add(key));
    graph.edges.forEach(({ key }) => shown.edges.add(key));
    return shown;
  }
  const frequent = graph.edges.toSorted(byWeight);
  for (const { key, from, to } of frequent.slice(0, edgesAt(detail, frequent.length))) {
    shown.edges.add(key);
    shown.nodes.add(from).add(to);
  }
  // The main path: from the start to the end that most executions reach.
  for (const { key, kind } of graph.nodes) {
    if (kind === 'end' || kind === 'start') shown.nodes.add(key);
  }
  return connected(shown, treesOf(graph));
}

/** The share of all moves from step to step that the shown edges stand for, 0 to 1. */
export function coverageOf({ edges }: Graph, shown: Shown): number {
  const total = edges.reduce((sum, { weight }) => sum + weight, 0);
  const visible = edges.reduce(
    (sum, edge) => sum + (shown.edges.has(edge.key) ? edge.weight : 0),
    0,
  );
  return total > 0 ? visible / total : 1;
}

/** A map with no more edges is shown whole. */
const FEW_EDGES = 24;

/** The lowest level of detail, in steps of five, that shows most moves. */
export function usualDetail(graph: Graph): number {
  if (graph.edges.length <= FEW_EDGES) return 100;
  for (let detail = 0; detail < 100; detail += 5) {
    if (coverageOf(graph, shownAt(graph, detail)) >= USUAL_COVERAGE) return detail;
  }
  return 100;
}
