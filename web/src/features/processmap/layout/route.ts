import {
  byText,
  byWeight,
  groupedBy,
  SIZE,
  type Box,
  type Course,
  type Graph,
  type GraphEdge,
  type Point,
  type Route,
} from './model';
import { clamped, gapsOf, laneKey, lanesOf, nearestGap, type Gap, type Pass } from './lanes';
import { passingKey } from './order';
import type { Placed } from './place';
import { spreadWithin } from './spread';

/** How far below its node an edge turns back. */
const TURN = 18;
/** The least distance of an arrow from the corner of a card, and of two arrows from each other. */
const PORT = { corner: 10, apart: 8 };

interface Geometry extends Placed {
  layerOf: Map<string, number>;
  gaps: Gap[][];
}

const middleOf = ({ y, height }: Box): number => y + height / 2;

function courseOf({ from, to }: GraphEdge, layerOf: Map<string, number>): Course {
  if (from === to) return 'self';
  const length = (layerOf.get(to) ?? 0) - (layerOf.get(from) ?? 0);
  return length > 0 ? 'forward' : length < 0 ? 'back' : 'flat';
}

/** The gap right below a node. */
const below = (gaps: Gap[], box: Box): Gap =>
  gaps.find(({ low }) => low >= box.y + box.height) ?? { low: box.y + box.height, high: Infinity };

/** Where an edge passes the columns on its way; one that turns back also passes below both of its nodes. */
function passesOf(edge: GraphEdge, course: Course, map: Geometry): Pass[] {
  const from = map.boxes.get(edge.from);
  const to = map.boxes.get(edge.to);
  if (!from || !to || course === 'self' || course === 'flat') return [];
  const [first, last] = [map.layerOf.get(edge.from) ?? 0, map.layerOf.get(edge.to) ?? 0];
  const pass = (column: number, gap: Gap, wanted: number): Pass => ({
    edge: edge.key,
    column,
    gap,
    wanted: clamped(wanted, gap),
    weight: edge.weight,
  });
  const back = course === 'back';
  const start = from.y + from.height + TURN;
  const goal = back ? to.y + to.height + TURN : middleOf(to);
  const passes = back ? [pass(first, below(map.gaps[first] ?? [], from), start)] : [];
  let at = back ? start : middleOf(from);
  const direction = back ? -1 : 1;
  for (let column = first + direction; column !== last; column += direction) {
    const left = Math.abs(last - column) + 1;
    const wanted = map.passing.get(passingKey(edge, column)) ?? at + (goal - at) / left;
    const next = pass(column, nearestGap(map.gaps[column] ?? [], wanted), wanted);
    passes.push(next);
    at = next.wanted;
  }
  if (back) passes.push(pass(last, below(map.gaps[last] ?? [], to), goal));
  return passes;
}

type Side = 'left' | 'right' | 'out' | 'into';

interface Port {
  edge: GraphEdge;
  node: string;
  side: Side;
  end: 'from' | 'to';
  /** Where the edge goes from here, to sort the ports by. */
  toward: number;
}

/** The ends of an edge at its two nodes. */
function portsOf(
  edge: GraphEdge,
  course: Course,
  map: Geometry,
  lanes: Map<string, number>,
): Port[] {
  const from = map.boxes.get(edge.from);
  const to = map.boxes.get(edge.to);
  if (!from || !to || course === 'self') return [];
  const [first, last] = [map.layerOf.get(edge.from) ?? 0, map.layerOf.get(edge.to) ?? 0];
  const lane = (column: number, otherwise: number): number =>
    lanes.get(laneKey(edge.key, column)) ?? otherwise;
  const port = (end: 'from' | 'to', side: Side, toward: number): Port => ({
    edge,
    node: edge[end],
    side,
    end,
    toward,
  });
  if (course === 'back') {
    return [port('from', 'out', -lane(first, 0)), port('to', 'into', lane(last, 0))];
  }
  if (course === 'flat') {
    return [port('from', 'right', middleOf(to)), port('to', 'right', middleOf(from))];
  }
  return [
    port('from', 'right', lane(first + 1, middleOf(to))),
    port('to', 'left', lane(last - 1, middleOf(from))),
  ];
}

/** Where on the border of its node each edge begins or ends: in the order of where it goes, none on another. */
function pointsOf(ports: Port[], boxes: Map<string, Box>): Map<Port, Point> {
  const points = new Map<Port, Point>();
  for (const group of groupedBy(ports, ({ node, side }) => `${side} ${node}`).values()) {
    const [head] = group;
    const box = head && boxes.get(head.node);
    if (!head || !box) continue;
    group.sort((a, b) => a.toward - b.toward || byText(a.edge.key, b.edge.key));
    const [low, high] = spanOf(head.side, box);
    const wishes = group.map(({ edge }) => ({ wanted: (low + high) / 2, weight: edge.weight }));
    const found = spreadWithin(wishes, PORT.apart, low, high);
    group.forEach((port, index) => {
      const at = found[index] ?? low;
      points.set(
        port,
        {
          left: { x: box.x, y: at },
          right: { x: box.x + box.width, y: at },
          out: { x: at, y: box.y + box.height },
          into: { x: at, y: box.y + box.height },
        }[port.side],
      );
    });
  }
  return points;
}

/** The part of a node's border on which edges of a side begin and end. Of those that turn back, the ends are left. */
function spanOf(side: Side, { x, y, width, height }: Box): [number, number] {
  const corner = Math.min(PORT.corner, height / 3);
  if (side === 'left' || side === 'right') return [y + corner, y + height - corner];
  const half = x + width / 2;
  return side === 'into' ? [x + corner, half - corner] : [half + corner, x + width - corner];
}

/** A curve that leaves and arrives horizontally. */
function across(from: Point, to: Point): Point[] {
  const x = (from.x + to.x) / 2;
  return [{ x, y: from.y }, { x, y: to.y }, to];
}

function straight(from: Point, to: Point): Point[] {
  const at = (share: number): Point => ({
    x: from.x + (to.x - from.x) * share,
    y: from.y + (to.y - from.y) * share,
  });
  return [at(1 / 3), at(2 / 3), to];
}

/** The points of an edge that runs through the columns, from the border of one node to that of the other. */
function through(
  from: Point,
  to: Point,
  passes: Pass[],
  map: Geometry,
  lanes: Map<string, number>,
) {
  const points = [from];
  const last = (): Point => points.at(-1) ?? from;
  for (const { edge, column } of passes) {
    const { left, right } = map.columns[column] ?? { left: 0, right: 0 };
    const y = lanes.get(laneKey(edge, column)) ?? 0;
    points.push(...across(last(), { x: left, y }));
    points.push(...straight(last(), { x: right, y }));
  }
  points.push(...across(last(), to));
  return points;
}

/** The points of an edge that turns back: down from its node, below the others, and up to its goal. */
function turning(
  from: Point,
  to: Point,
  passes: Pass[],
  map: Geometry,
  lanes: Map<string, number>,
) {
  const points = [from];
  const last = (): Point => points.at(-1) ?? from;
  passes.forEach(({ edge, column }, index) => {
    const { left, right } = map.columns[column] ?? { left: 0, right: 0 };
    const y = lanes.get(laneKey(edge, column)) ?? 0;
    if (index === 0) {
      points.push({ x: from.x, y }, { x: (from.x + left) / 2, y }, { x: left, y });
      return;
    }
    points.push(...across(last(), { x: right, y }));
    if (index < passes.length - 1) points.push(...straight(last(), { x: left, y }));
    else points.push({ x: (to.x + right) / 2, y }, { x: to.x, y }, to);
  });
  return points;
}

/** The points of an edge within a layer: straight to the neighbour, or round what is between, right of the layer. */
function beside(edge: GraphEdge, from: Point, to: Point, map: Geometry): Point[] {
  const [a, b] = [map.boxes.get(edge.from), map.boxes.get(edge.to)];
  if (!a || !b) return [];
  const [top, bottom] = a.y < b.y ? [a, b] : [b, a];
  const between = [...map.boxes.values()].some(
    (box) =>
      box !== top &&
      box !== bottom &&
      box.x < top.x + top.width &&
      box.x + box.width > top.x &&
      box.y > top.y &&
      box.y < bottom.y,
  );
  if (between) {
    const bulge = Math.min(SIZE.channel.least - SIZE.clear, 30 + Math.abs(to.y - from.y) * 0.12);
    return [from, { x: from.x + bulge, y: from.y }, { x: to.x + bulge, y: to.y }, to];
  }
  const x = top.x + top.width * (top === a ? 0.42 : 0.58);
  const ends = [
    { x, y: top.y + top.height },
    { x, y: bottom.y },
  ];
  const [start, end] = top === a ? ends : ends.reverse();
  return start && end ? [start, ...straight(start, end)] : [];
}

/** The loop of a step that follows itself, at its upper right corner. */
function loop({ x, y, width }: Box): Point[] {
  const right = x + width;
  return [
    { x: right - 54, y },
    { x: right - 66, y: y - 36 },
    { x: right - 4, y: y - 36 },
    { x: right - 16, y },
  ];
}

/** Draws every edge of a graph whose nodes are placed: none runs through a node, and all are smooth. */
export function routed(
  graph: Graph,
  layerOf: Map<string, number>,
  placed: Placed,
): Map<string, Route> {
  const columns = groupedBy(placed.boxes, ([key]) => layerOf.get(key) ?? 0);
  const gaps = placed.columns.map((_, column) =>
    gapsOf((columns.get(column) ?? []).map(([, box]) => box)),
  );
  const map: Geometry = { ...placed, layerOf, gaps };
  const edges = graph.edges.toSorted(byWeight);
  const courses = new Map(edges.map((edge) => [edge.key, courseOf(edge, layerOf)]));
  const course = (edge: GraphEdge): Course => courses.get(edge.key) ?? 'forward';
  const passes = new Map(edges.map((edge) => [edge.key, passesOf(edge, course(edge), map)]));
  const lanes = lanesOf([...passes.values()].flat());
  const ports = edges.flatMap((edge) => portsOf(edge, course(edge), map, lanes));
  const points = new Map(
    [...pointsOf(ports, placed.boxes)].map(([{ edge, end }, point]) => [
      `${end} ${edge.key}`,
      point,
    ]),
  );
  const routes = new Map<string, Route>();
  for (const edge of edges) {
    const own = placed.boxes.get(edge.from);
    const from = points.get(`from ${edge.key}`);
    const to = points.get(`to ${edge.key}`);
    const way = passes.get(edge.key) ?? [];
    const draw: Record<Course, () => Point[]> = {
      self: () => (own ? loop(own) : []),
      flat: () => (from && to ? beside(edge, from, to, map) : []),
      back: () => (from && to ? turning(from, to, way, map, lanes) : []),
      forward: () => (from && to ? through(from, to, way, map, lanes) : []),
    };
    routes.set(edge.key, { course: course(edge), points: draw[course(edge)]() });
  }
  return routes;
}
