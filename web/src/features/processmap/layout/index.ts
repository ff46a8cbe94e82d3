import { shapingEdges } from './acyclic';
import { layersOf } from './layers';
import type { Box, Graph, Layout, Point } from './model';
import { ordered } from './order';
import { placed } from './place';
import { routed } from './route';
import { byText } from './model';

/** The space around the map, in pixels. */
const MARGIN = { x: 46, y: 28 };

function extent(boxes: Iterable<Box>, points: Point[]) {
  const all = [...boxes].flatMap(({ x, y, width, height }) => [
    { x, y },
    { x: x + width, y: y + height },
  ]);
  const bounds = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  for (const { x, y } of [...all, ...points]) {
    bounds.left = Math.min(bounds.left, x);
    bounds.right = Math.max(bounds.right, x);
    bounds.top = Math.min(bounds.top, y);
    bounds.bottom = Math.max(bounds.bottom, y);
  }
  return bounds;
}

/**
 * Lays out a directly-follows graph from left to right in layers. The result depends only on the graph, not on the
 * order in which its nodes and edges come, and is meant for all of them: hiding some moves nothing.
 */
export function layoutOf(input: Graph): Layout {
  const graph = {
    nodes: input.nodes.toSorted((a, b) => byText(a.key, b.key)),
    edges: input.edges,
  };
  if (graph.nodes.length === 0) return { width: 0, height: 0, boxes: new Map(), routes: new Map() };
  const shaping = shapingEdges(graph);
  const layerOf = layersOf(graph, shaping);
  const places = placed(graph, ordered(graph, shaping, layerOf));
  const routes = routed(graph, layerOf, places);
  const bounds = extent(
    places.boxes.values(),
    [...routes.values()].flatMap(({ points }) => points),
  );
  const [dx, dy] = [MARGIN.x - bounds.left, MARGIN.y - bounds.top];
  const moved = <P extends Point>(point: P): P => ({ ...point, x: point.x + dx, y: point.y + dy });
  return {
    width: bounds.right - bounds.left + 2 * MARGIN.x,
    height: bounds.bottom - bounds.top + 2 * MARGIN.y,
    boxes: new Map([...places.boxes].map(([key, box]) => [key, moved(box)])),
    routes: new Map(
      [...routes].map(([key, route]) => [key, { ...route, points: route.points.map(moved) }]),
    ),
  };
}

/** The path of a route as SVG writes it. */
export function pathOf(points: Point[]): string {
  const at = ({ x, y }: Point): string => `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;
  const [first, ...rest] = points;
  if (!first) return '';
  let path = `M${at(first)}`;
  for (let index = 0; index + 2 < rest.length; index += 3) {
    path += `C${rest
      .slice(index, index + 3)
      .map(at)
      .join(' ')}`;
  }
  return path;
}

/** The point of a route at a share of its curves, 0 to 1. */
export function pointAt(points: Point[], share: number): Point {
  const curves = Math.floor((points.length - 1) / 3);
  const along = Math.max(0, Math.min(1, share)) * curves;
  const curve = Math.min(curves - 1, Math.floor(along));
  const t = along - curve;
  const [a, b, c, d] = points.slice(curve * 3, curve * 3 + 4);
  if (!a || !b || !c || !d) return points[0] ?? { x: 0, y: 0 };
  const mix = (axis: 'x' | 'y'): number =>
    (1 - t) ** 3 * a[axis] +
    3 * (1 - t) ** 2 * t * b[axis] +
    3 * (1 - t) * t ** 2 * c[axis] +
    t ** 3 * d[axis];
  return { x: mix('x'), y: mix('y') };
}
