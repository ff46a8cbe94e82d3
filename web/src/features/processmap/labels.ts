import { pointAt } from './layout';
import type { Box, Layout, Point } from './layout/model';

/** A text at an arrow. */
export interface Label extends Point {
  edge: string;
  text: string;
}

/** Where on an arrow its label may be, the best place first. */
const PLACES = [0.5, 0.42, 0.58, 0.35, 0.65, 0.28, 0.72, 0.2, 0.8];
const HEIGHT = 18;
const LETTER = 6.6;

const boxAround = ({ x, y }: Point, text: string): Box => {
  const width = text.length * LETTER + 8;
  return { x: x - width / 2, y: y - HEIGHT / 2, width, height: HEIGHT };
};

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** Places texts at their arrows, the first ones first: where they cover no node and no other text, or not at all. */
export function labelsOf(
  layout: Layout,
  nodes: Set<string>,
  wanted: { edge: string; text: string }[],
): Label[] {
  const taken = [...layout.boxes].flatMap(([key, box]) => (nodes.has(key) ? [box] : []));
  return wanted.flatMap(({ edge, text }) => {
    const points = layout.routes.get(edge)?.points;
    if (!points) return [];
    const place = PLACES.map((share) => pointAt(points, share)).find((point) => {
      const box = boxAround(point, text);
      return !taken.some((other) => overlap(other, box));
    });
    if (!place) return [];
    taken.push(boxAround(place, text));
    return [{ edge, text, ...place }];
  });
}
