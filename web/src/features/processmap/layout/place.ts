import { SIZE, groupedBy, isStep, type Box, type Graph, type GraphNode } from './model';
import type { Layered, Link, Slot } from './order';
import { spread } from './spread';

/** How often the layers are aligned with their neighbours, there and back. */
const SWEEPS = 16;
/** How much more a long edge wants to be straight than a link between two nodes. */
const STRAIGHT = 4;

/** Where nodes and passing edges are. */
export interface Placed {
  boxes: Map<string, Box>;
  /** The height at which a long edge passes a layer, by its key. */
  passing: Map<string, number>;
  /** The left and right of each layer. */
  columns: { left: number; right: number }[];
}

const sizeOf = (node: GraphNode | undefined): { width: number; height: number } =>
  node && !isStep(node) ? { width: SIZE.circle, height: SIZE.circle } : SIZE.card;

function roomBetween(a: Slot, b: Slot, nodes: Map<string, GraphNode>): number {
  const half = (slot: Slot): number => (slot.passing ? 0 : sizeOf(nodes.get(slot.key)).height / 2);
  const between =
    a.passing && b.passing ? SIZE.apart : a.passing || b.passing ? SIZE.lane : SIZE.gap;
  return half(a) + half(b) + between;
}

/** The middle of each slot: as straight as the order and the room allow, the heavy paths first. */
function middles({ layers, links }: Layered, nodes: Map<string, GraphNode>): Map<string, number> {
  const rooms = layers.map((layer) =>
    layer.slice(1).map((slot, index) => roomBetween(layer[index] ?? slot, slot, nodes)),
  );
  const middle = new Map<string, number>();
  const settle = (
    layer: Slot[],
    index: number,
    wish: (slot: Slot, rank: number) => [number, number],
  ) => {
    const wishes = layer.map((slot, rank) => {
      const [wanted, weight] = wish(slot, rank);
      return { wanted, weight };
    });
    const found = spread(wishes, rooms[index] ?? []);
    layer.forEach(({ key }, rank) => middle.set(key, found[rank] ?? 0));
  };
  layers.forEach((layer, index) => settle(layer, index, () => [0, 1]));
  const passing = new Set(layers.flat().flatMap((slot) => (slot.passing ? [slot.key] : [])));
  const links2 = links.map((link) => ({
    ...link,
    weight: link.weight * (passing.has(link.from) && passing.has(link.to) ? STRAIGHT : 1),
  }));
  const into = groupedBy(links2, ({ to }) => to);
  const out = groupedBy(links2, ({ from }) => from);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const forward = sweep % 2 === 0;
    const order = layers.map((layer, index) => [layer, index] as const);
    for (const [layer, index] of forward ? order : order.toReversed()) {
      settle(layer, index, ({ key }) => wishOf(key, into, out, forward, middle));
    }
  }
  aligned(layers, rooms, into, middle);
  return middle;
}

/** A difference in height that looks like a mistake rather than a bend, in pixels. */
const UNEVEN = 14;

/** Puts nodes exactly on a line with what mostly leads to them, if they almost are and there is room. */
function aligned(
  layers: Slot[][],
  rooms: number[][],
  into: Map<string, Link[]>,
  middle: Map<string, number>,
): void {
  const at = (slot: Slot | undefined): number | undefined => slot && middle.get(slot.key);
  layers.forEach((layer, index) =>
    layer.forEach(({ key }, rank) => {
      const best = (into.get(key) ?? []).toSorted((a, b) => b.weight - a.weight)[0];
      const wanted = best && middle.get(best.from);
      if (wanted === undefined || Math.abs(wanted - (middle.get(key) ?? 0)) > UNEVEN) return;
      const above = at(layer[rank - 1]) ?? -Infinity;
      const below = at(layer[rank + 1]) ?? Infinity;
      const fits =
        wanted - above >= (rooms[index]?.[rank - 1] ?? 0) &&
        below - wanted >= (rooms[index]?.[rank] ?? 0);
      if (fits) middle.set(key, wanted);
    }),
  );
}

/** Where a slot wants to be: at the weighted mean of its neighbours, those just placed counting most. */
function wishOf(
  key: string,
  into: Map<string, Link[]>,
  out: Map<string, Link[]>,
  forward: boolean,
  middle: Map<string, number>,
): [number, number] {
  let total = 0;
  let sum = 0;
  const add = (links: Link[] | undefined, end: 'from' | 'to', factor: number): void => {
    for (const link of links ?? []) {
      // The square lets the heaviest link decide: the main path becomes a line.
      const weight = link.weight * link.weight * factor;
      total += weight;
      sum += weight * (middle.get(link[end]) ?? 0);
    }
  };
  add(into.get(key), 'from', forward ? 1 : 0.25);
  add(out.get(key), 'to', forward ? 0.25 : 1);
  return total > 0 ? [sum / total, Math.sqrt(total)] : [middle.get(key) ?? 0, 1e-6];
}

/** A difference in height over which an arrow needs the widest channel, in pixels. */
const STEEP = 240;

/** The width of the channel to the right of a layer: as wide as its steepest link needs. */
function channelAfter({ links }: Layered, middle: Map<string, number>, layer: Slot[]): number {
  const { least, most } = SIZE.channel;
  const keys = new Set(layer.map(({ key }) => key));
  const at = (key: string): number => middle.get(key) ?? 0;
  const steepest = links.reduce(
    (top, { from, to }) => (keys.has(from) ? Math.max(top, Math.abs(at(from) - at(to))) : top),
    0,
  );
  return Math.round(least + (most - least) * Math.min(1, steepest / STEEP));
}

/** Places the layers from left to right, and the nodes of each from top to bottom. */
export function placed(graph: Graph, layered: Layered): Placed {
  const nodes = new Map(graph.nodes.map((node) => [node.key, node]));
  const middle = middles(layered, nodes);
  const boxes = new Map<string, Box>();
  const passing = new Map<string, number>();
  const columns: Placed['columns'] = [];
  let left = 0;
  for (const layer of layered.layers) {
    const own = layer.filter((slot) => !slot.passing);
    const width = Math.max(SIZE.circle, ...own.map(({ key }) => sizeOf(nodes.get(key)).width));
    columns.push({ left, right: left + width });
    for (const { key, passing: passes } of layer) {
      const y = Math.round(middle.get(key) ?? 0);
      if (passes) {
        passing.set(key, y);
        continue;
      }
      const size = sizeOf(nodes.get(key));
      boxes.set(key, {
        x: left + Math.round((width - size.width) / 2),
        y: y - Math.floor(size.height / 2),
        ...size,
      });
    }
    left += width + channelAfter(layered, middle, layer);
  }
  return { boxes, passing, columns };
}
