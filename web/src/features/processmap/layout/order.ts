import { byText, byWeight, groupedBy, type Graph, type GraphEdge } from './model';

/** How often the layers are swept, there and back; the best order found is kept. */
const SWEEPS = 12;
/** After how many sweeps without a better order there is no hope for one. */
const PATIENCE = 4;

/** A place in a layer: a node, or where a long edge passes. */
export interface Slot {
  key: string;
  layer: number;
  /** Whether a long edge passes here. */
  passing: boolean;
}

/** A piece of an edge, from one layer to the next. */
export interface Link {
  from: string;
  to: string;
  weight: number;
}

/** The layers from left to right, each from top to bottom, and what connects them. */
export interface Layered {
  layers: Slot[][];
  links: Link[];
}

/** The key of the place where an edge passes a layer. */
export const passingKey = (edge: GraphEdge, layer: number): string => `${edge.key}\u0000${layer}`;

/** Cuts the edges into links between neighbouring layers. */
function cut(edges: GraphEdge[], layerOf: Map<string, number>): { slots: Slot[]; links: Link[] } {
  const slots: Slot[] = [];
  const links: Link[] = [];
  for (const edge of edges) {
    const [first, last] = [layerOf.get(edge.from) ?? 0, layerOf.get(edge.to) ?? 0];
    let from = edge.from;
    for (let layer = first + 1; layer < last; layer += 1) {
      const key = passingKey(edge, layer);
      slots.push({ key, layer, passing: true });
      links.push({ from, to: key, weight: edge.weight });
      from = key;
    }
    links.push({ from, to: edge.to, weight: edge.weight });
  }
  return { slots, links };
}

/** The nodes as a walk along the heaviest edges meets them: neighbours on a path start as neighbours. */
function walked({ nodes }: Graph, links: Link[]): string[] {
  const next = groupedBy(links, ({ from }) => from);
  const seen = new Set<string>();
  const visit = (key: string): void => {
    if (seen.has(key)) return;
    seen.add(key);
    const after = (next.get(key) ?? []).toSorted(
      (a, b) => b.weight - a.weight || byText(a.to, b.to),
    );
    for (const { to } of after) visit(to);
  };
  const starts = nodes.toSorted(
    (a, b) =>
      Number(b.kind === 'start') - Number(a.kind === 'start') ||
      b.weight - a.weight ||
      byText(a.key, b.key),
  );
  for (const { key } of starts) visit(key);
  return [...seen];
}

const positionsOf = (layers: Slot[][]): Map<string, number> =>
  new Map(layers.flatMap((layer) => layer.map(({ key }, index) => [key, index] as const)));

/** The weight of all pairs of links that cross: of each pair, the lighter one's. */
export function crossings({ layers, links }: Layered): number {
  const position = positionsOf(layers);
  const layerOf = new Map(layers.flatMap((layer, index) => layer.map(({ key }) => [key, index])));
  const at = (key: string): number => position.get(key) ?? 0;
  const drawn = links.map(({ from, to, weight }) => ({
    layer: layerOf.get(from) ?? 0,
    from: at(from),
    to: at(to),
    weight,
  }));
  let total = 0;
  for (const group of groupedBy(drawn, ({ layer }) => layer).values()) {
    group.sort((a, b) => a.from - b.from || a.to - b.to);
    for (let first = 0; first < group.length; first += 1) {
      const a = group[first]!;
      for (let second = first + 1; second < group.length; second += 1) {
        const b = group[second]!;
        if (b.from > a.from && b.to < a.to) total += Math.min(a.weight, b.weight);
      }
    }
  }
  return total;
}

/** Orders one layer by the weighted mean position of each slot's neighbours on one side; slots without any stay. */
function reordered(layer: Slot[], neighbours: Map<string, Link[]>, other: (link: Link) => number) {
  const mean = layer.map((slot, index) => {
    const links = neighbours.get(slot.key) ?? [];
    const weight = links.reduce((sum, link) => sum + link.weight, 0);
    const value = links.reduce((sum, link) => sum + link.weight * other(link), 0);
    return { slot, index, mean: weight > 0 ? value / weight : index };
  });
  return mean.sort((a, b) => a.mean - b.mean || a.index - b.index).map(({ slot }) => slot);
}

/**
 * Orders the nodes of each layer so that few links cross, the heavy ones least: sweeps by the barycentre of neighbours
 * (Sugiyama, Tagawa and Toda 1981, "Methods for visual understanding of hierarchical system structures").
 */
export function ordered(graph: Graph, edges: GraphEdge[], layerOf: Map<string, number>): Layered {
  const { slots, links } = cut(edges.toSorted(byWeight), layerOf);
  const first = new Map(walked(graph, links).map((key, index) => [key, index]));
  const nodes = graph.nodes.map(({ key }) => ({
    key,
    layer: layerOf.get(key) ?? 0,
    passing: false,
  }));
  const all = [...nodes, ...slots].sort(
    (a, b) =>
      (first.get(a.key) ?? Infinity) - (first.get(b.key) ?? Infinity) || byText(a.key, b.key),
  );
  const count = Math.max(0, ...all.map(({ layer }) => layer + 1));
  const byLayer = groupedBy(all, ({ layer }) => layer);
  let layers = Array.from({ length: count }, (_, layer) => byLayer.get(layer) ?? []);
  const into = groupedBy(links, ({ to }) => to);
  const out = groupedBy(links, ({ from }) => from);
  let best = { layers, crossings: crossings({ layers, links }) };
  let since = 0;
  for (let sweep = 0; sweep < SWEEPS && since < PATIENCE && best.crossings > 0; sweep += 1) {
    since += 1;
    const position = positionsOf(layers);
    const forward = sweep % 2 === 0;
    const next = [...layers];
    for (let step = 1; step < count; step += 1) {
      const index = forward ? step : count - 1 - step;
      const layer = reordered(
        next[index] ?? [],
        forward ? into : out,
        (link) => position.get(forward ? link.from : link.to) ?? 0,
      );
      next[index] = layer;
      layer.forEach(({ key }, place) => position.set(key, place));
    }
    layers = next;
    const found = crossings({ layers, links });
    if (found >= best.crossings) continue;
    best = { layers, crossings: found };
    since = 0;
  }
  return { layers: best.layers, links };
}
