import { byWeight, groupedBy, type Graph, type GraphEdge } from './model';

/**
 * A share of what flows out of or into a node from which an edge shapes the layers. Rarer edges are drawn, but a map
 * whose every deviation adds a layer would be one long line.
 */
const SHAPING_SHARE = 0.15;

/** Whether there is a path along the edges. */
function reaches(next: Map<string, string[]>, from: string, to: string): boolean {
  const seen = new Set([from]);
  const open = [from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === to) return true;
    for (const after of next.get(at) ?? []) {
      if (seen.has(after)) continue;
      seen.add(after);
      open.push(after);
    }
  }
  return false;
}

/**
 * The edges of a graph without cycles, heaviest first: an edge that would close a cycle is left out. This is the greedy
 * heuristic for the maximum acyclic subgraph; it leaves out the rare edge of a cycle, and depends on no order but that
 * of the weights.
 */
export function acyclic(edges: GraphEdge[]): GraphEdge[] {
  const next = new Map<string, string[]>();
  return edges.toSorted(byWeight).filter(({ from, to }) => {
    if (from === to || reaches(next, to, from)) return false;
    const known = next.get(from);
    if (known) known.push(to);
    else next.set(from, [to]);
    return true;
  });
}

const sum = (edges: GraphEdge[]): number => edges.reduce((total, { weight }) => total + weight, 0);

/** The edges that decide the layers: acyclic, each the best or a considerable one of a node that it touches. */
export function shapingEdges({ edges }: Graph): GraphEdge[] {
  const kept = acyclic(edges);
  const flows = edges.filter(({ from, to }) => from !== to);
  const out = groupedBy(flows, ({ from }) => from);
  const into = groupedBy(flows, ({ to }) => to);
  // The edges are in the order of their weights, so the first of a node is its best.
  const bestOut = new Set([...groupedBy(kept, ({ from }) => from).values()].map(([best]) => best));
  const bestInto = new Set([...groupedBy(kept, ({ to }) => to).values()].map(([best]) => best));
  return kept.filter((edge) => {
    const share = (group: GraphEdge[] | undefined): number => edge.weight / sum(group ?? [edge]);
    return (
      bestOut.has(edge) ||
      bestInto.has(edge) ||
      share(out.get(edge.from)) >= SHAPING_SHARE ||
      share(into.get(edge.to)) >= SHAPING_SHARE
    );
  });
}
