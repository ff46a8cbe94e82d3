import { groupedBy, type Graph, type GraphEdge } from './model';

/** How often all nodes are moved towards their neighbours; a few times are enough for it to settle. */
const PASSES = 8;

/** The nodes in an order in which every edge leads onward. */
function topological(keys: string[], edges: GraphEdge[]): string[] {
  const next = groupedBy(edges, ({ from }) => from);
  const missing = new Map(keys.map((key) => [key, 0]));
  for (const { to } of edges) missing.set(to, (missing.get(to) ?? 0) + 1);
  const order = keys.filter((key) => missing.get(key) === 0);
  for (const key of order) {
    for (const { to } of next.get(key) ?? []) {
      const left = (missing.get(to) ?? 0) - 1;
      missing.set(to, left);
      if (left === 0) order.push(to);
    }
  }
  return order;
}

/**
 * The layer of each node, from 0. Every edge leads at least one layer onward; then nodes move as far as their edges
 * allow to where these are shortest, weighted. The start is in the first layer, and the ends are in the last.
 */
export function layersOf({ nodes }: Graph, edges: GraphEdge[]): Map<string, number> {
  const order = topological(
    nodes.map(({ key }) => key),
    edges,
  );
  const kinds = new Map(nodes.map(({ key, kind }) => [key, kind]));
  const into = groupedBy(edges, ({ to }) => to);
  const out = groupedBy(edges, ({ from }) => from);
  const layers = new Map(order.map((key) => [key, 0]));
  const at = (key: string): number => layers.get(key) ?? 0;
  const earliest = (key: string): number =>
    Math.max(
      kinds.get(key) === 'start' ? 0 : 1,
      ...(into.get(key) ?? []).map(({ from }) => at(from) + 1),
    );
  const latest = (key: string): number =>
    Math.min(Infinity, ...(out.get(key) ?? []).map(({ to }) => at(to) - 1));
  for (const key of order) layers.set(key, earliest(key));

  const steps = order.filter((key) => kinds.get(key) === 'step');
  const last = Math.max(1, ...steps.map((key) => at(key) + 1));
  for (const key of order) {
    if (!['step', 'start'].includes(kinds.get(key) ?? '')) layers.set(key, last);
  }
  const pull = (edges: GraphEdge[] | undefined): number =>
    (edges ?? []).reduce((total, { weight }) => total + weight, 0);
  for (let pass = 0; pass < PASSES; pass += 1) {
    for (const key of pass % 2 === 0 ? steps.toReversed() : steps) {
      const to = pull(out.get(key)) > pull(into.get(key)) ? latest(key) : earliest(key);
      if (Number.isFinite(to)) layers.set(key, to);
    }
  }
  return layers;
}
