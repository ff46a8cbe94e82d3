import { pointAt } from './layout';
import { SIZE, type Box, type Layout, type Point } from './layout/model';

/** A text at an arrow. */
export interface Label extends Point {
  edge: string;
  text: string;
}

/** Where on an arrow its label may be, the best place first. */
const PLACES = [0.5, 0.42, 0.58, 0.35, 0.65, 0.28, 0.72, 0.2, 0.8];
/** The sizes of a text, from near and from afar, in pixels, as in `processmap.css`. */
const FONTS = { near: 12, far: 16 } as const;
export type Distance = keyof typeof FONTS;
export const DISTANCES: Distance[] = ['near', 'far'];
/** How high a line is, as a share of its size. */
const LINE = 1.25;
/** The outline of a text, on each side. */
const OUTLINE = 2.5;
/** How wide a character is at most in the fonts that a system has, as a share of their size. */
const WIDTHS: [RegExp, number][] = [
  [/[\s.,:’']/u, 0.34],
  [/[mwMW%]/u, 1],
];
const USUAL_WIDTH = 0.64;
/** How far above its arrow a text stands. */
const ABOVE = 11;
/** The room that the text below a circle takes, to each side and below. */
const CAPTION = { aside: 36, below: 34 };

/** How wide a text is at most, as a share of its size. */
const widthOf = (text: string): number =>
  [...text].reduce((sum, letter) => {
    const [, width = USUAL_WIDTH] = WIDTHS.find(([kind]) => kind.test(letter)) ?? [];
    return sum + width;
  }, 0);

function roomOfLabel({ x, y }: Point, text: string, font: number): Box {
  const [width, height] = [widthOf(text) * font + 2 * OUTLINE, LINE * font];
  return { x: x - width / 2, y: y - height / 2, width, height };
}

const above = ({ x, y }: Point): Point => ({ x, y: y - ABOVE });

/** What a node covers; if it is a circle, also the text below it. */
function roomsOfNode(box: Box): Box[] {
  if (box.width > SIZE.circle) return [box];
  const { x, y, width, height } = box;
  const wide = width + 2 * CAPTION.aside;
  return [box, { x: x - CAPTION.aside, y: y + height, width: wide, height: CAPTION.below }];
}

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** Places texts at their arrows, the first ones first: where they cover no node and no other text, or not at all. */
export function labelsOf(
  layout: Layout,
  nodes: Set<string>,
  wanted: { edge: string; text: string }[],
  distance: Distance,
): Label[] {
  const taken = [...layout.boxes].flatMap(([key, box]) => (nodes.has(key) ? roomsOfNode(box) : []));
  return wanted.flatMap(({ edge, text }) => {
    const points = layout.routes.get(edge)?.points;
    if (!points) return [];
    const room = (at: Point): Box => roomOfLabel(at, text, FONTS[distance]);
    const place = PLACES.map((share) => above(pointAt(points, share))).find(
      (at) => !taken.some((other) => overlap(room(at), other)),
    );
    if (!place) return [];
    taken.push(room(place));
    return [{ edge, text, ...place }];
  });
}
