import type { Point } from './model';

/** The length of an arrowhead for a line of this width, in pixels. */
const lengthFor = (width: number): number => 6 + width * 0.9;

/** An arrow as it is drawn: its line ends where its head begins. */
export interface Arrow {
  line: Point[];
  /** The three corners of the head, the tip first. */
  head: Point[];
}

/** Puts a head on the end of a route. */
export function arrowOf(points: Point[], width: number): Arrow {
  const tip = points.at(-1);
  const from = points.at(-2);
  if (!tip || !from) return { line: points, head: [] };
  const distance = Math.hypot(tip.x - from.x, tip.y - from.y) || 1;
  const [dx, dy] = [(tip.x - from.x) / distance, (tip.y - from.y) / distance];
  const length = Math.min(lengthFor(width), Math.max(6, distance));
  const base = { x: tip.x - dx * length, y: tip.y - dy * length };
  const half = length * 0.55;
  // The line goes on a little into the head, so that no seam shows.
  const end = { x: tip.x - dx * length * 0.8, y: tip.y - dy * length * 0.8 };
  return {
    line: [...points.slice(0, -1), end],
    head: [
      tip,
      { x: base.x - dy * half, y: base.y + dx * half },
      { x: base.x + dy * half, y: base.y - dx * half },
    ],
  };
}
