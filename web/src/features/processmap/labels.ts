import { pointAt } from './layout';
import { SIZE, type Box, type Layout, type Point } from './layout/model';

/** A text at an arrow. */
export interface Label extends Point {
  edge: string;
  text: string;
}

/** Where on an arrow its label may be, the best place first. */
const PLACES = [0.5, 0.42, 0.58, 0.35, 0.65, 0.28, 0.72, 0.2, 0.8];
const HEIGHT = 18;
const LETTER = 7.5;
/** How far above its arrow a text stands. */
const ABOVE = 11;
/** The room that the text below a circle takes, to each side and below. */
const CAPTION = { aside: 36, below: 34 };

const boxAround = ({ x, y }: Point, text: string): Box => {
  const width = text.length * LETTER + 8;
  return { x: x - width / 2, y: y - HEIGHT / 2, width, height: HEIGHT };
};

const above = ({ x, y }: Point): Point => ({ x, y: y - ABOVE });

/** What a node covers, with the text below it if it is a circle. */
function roomOf(box: Box): Box {
  if (box.width > SIZE.circle) return box;
  return {
    x: box.x - CAPTION.aside,
    y: box.y,
    width: box.width + 2 * CAPTION.aside,
    height: box.height + CAPTION.below,
  };
}

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** Places texts at their arrows, the first ones first: where they cover no node and no other text, or not at all. */
export function labelsOf(
  layout: Layout,
  nodes: Set<string>,
  wanted: { edge: string; text: string }[],
): Label[] {
  const taken = [...layout.boxes].flatMap(([key, box]) => (nodes.has(key) ? [roomOf(box)] : []));
  return wanted.flatMap(({ edge, text }) => {
    const points = layout.routes.get(edge)?.points;
    if (!points) return [];
    const place = PLACES.map((share) => above(pointAt(points, share))).find((point) => {
      const box = boxAround(point, text);
      return !taken.some((other) => overlap(other, box));
    });
    if (!place) return [];
    taken.push(boxAround(place, text));
    return [{ edge, text, ...place }];
  });
}
