import { byText, groupedBy, SIZE, type Box } from './model';
import { spreadWithin } from './spread';

/** A part of a column, from top to bottom, in which there is no node. */
export interface Gap {
  low: number;
  high: number;
}

/** An edge that passes a column. */
export interface Pass {
  edge: string;
  column: number;
  gap: Gap;
  wanted: number;
  weight: number;
}

/** The gaps of a column between its nodes, above and below them; an edge in a gap keeps clear of the nodes. */
export function gapsOf(boxes: Box[]): Gap[] {
  const sorted = boxes.toSorted((a, b) => a.y - b.y);
  const lows = [-Infinity, ...sorted.map(({ y, height }) => y + height + SIZE.clear)];
  const highs = [...sorted.map(({ y }) => y - SIZE.clear), Infinity];
  return lows.map((low, index) => ({ low, high: highs[index] ?? Infinity }));
}

export const clamped = (value: number, { low, high }: Gap): number =>
  Math.max(low, Math.min(high, value));

/** The gap closest to a height. */
export function nearestGap(gaps: Gap[], wanted: number): Gap {
  const distance = (gap: Gap): number => Math.abs(clamped(wanted, gap) - wanted);
  return gaps.reduce((best, gap) => (distance(gap) < distance(best) ? gap : best));
}

/** The height at which each edge passes each column: edges that share a gap are spread over it, none on another. */
export function lanesOf(passes: Pass[]): Map<string, number> {
  const lanes = new Map<string, number>();
  for (const [{ low, high }, group] of groupedBy(passes, ({ gap }) => gap)) {
    group.sort((a, b) => a.wanted - b.wanted || byText(a.edge, b.edge));
    const found = spreadWithin(group, SIZE.apart, low, high);
    group.forEach((pass, index) => lanes.set(laneKey(pass.edge, pass.column), found[index] ?? 0));
  }
  return lanes;
}

export const laneKey = (edge: string, column: number): string => `${edge}\u0000${column}`;
