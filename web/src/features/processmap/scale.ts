import type { StepNode } from '@/api/processMap';
import type { Unit } from '@/api/types';
import type { MapGraph } from './graph';
import type { Overlay } from './search';

/** The widths of the rarest and the most frequent arrow, in pixels. */
const WIDTH = { least: 1.25, most: 8 };
/** How many shades of waiting there are. */
export const SHADES = 5;

/** The width of an arrow: its area on the screen grows with the square root, so rare ones stay visible. */
export function widthOf(weight: number, most: number): number {
  const share = most > 0 ? Math.min(1, weight / most) : 0;
  return WIDTH.least + (WIDTH.most - WIDTH.least) * Math.sqrt(share);
}

/** The shades of waiting: from which duration (ms) each begins. The first is for no waiting worth the name. */
export interface WaitScale {
  from: number[];
}

/** A duration (ms) as a person would say it: 43 s, 5 m, 3 h. */
function rounded(wait: number): number {
  const unit = [86_400_000, 3_600_000, 60_000, 1000].find((size) => wait >= size);
  return unit ? Math.round(wait / unit) * unit : Number(wait.toPrecision(2));
}

/** Shades that divide the waits of a map evenly on a log scale. */
export function waitScale(waits: number[]): WaitScale {
  const positive = waits.filter((wait) => wait >= 1).sort((a, b) => a - b);
  const most = positive.at(-1);
  const least = positive[0];
  if (most === undefined || least === undefined) return { from: [] };
  // Below a ten-thousandth of the longest, waiting does not matter to anyone who looks at the map.
  const low = Math.max(least, most / 1e4);
  const ratio = (most / low) ** (1 / SHADES);
  const begins = Array.from({ length: SHADES }, (_, shade) => low * ratio ** shade);
  return { from: begins.map(rounded) };
}

/** The shade of a wait: 0 if there is none, up to `SHADES` for the longest. */
export function shadeOf(wait: number | null | undefined, { from }: WaitScale): number {
  if (wait == null) return 0;
  return from.filter((begin) => wait >= begin).length;
}

/** What an overlay says of a step. */
export interface Measure {
  value: number | null | undefined;
  unit: Unit;
}

/** The figure that an overlay tints a step by: runs, total milliseconds, dollars, or percent of runs that failed. */
export function measureOf(node: StepNode, overlay: Overlay): Measure {
  switch (overlay) {
    case 'frequency':
      return { value: node.runs, unit: 'count' };
    case 'time':
      return { value: node.durationSum, unit: 'milliseconds' };
    case 'cost':
      return { value: node.cost, unit: 'usd' };
    case 'failures':
      return { value: node.runs > 0 ? (node.failedRuns / node.runs) * 100 : null, unit: 'percent' };
  }
}

/** How strongly each step is tinted, 0 to 1, by the key of its node. */
export function tintsOf(graph: MapGraph, overlay: Overlay): Map<string, number> {
  const measured = graph.nodes.flatMap(({ key, step }) => {
    const value = step && measureOf(step, overlay).value;
    return value == null ? [] : ([[key, value]] as const);
  });
  const most = Math.max(...measured.map(([, value]) => value), 0);
  return new Map(measured.map(([key, value]) => [key, most > 0 ? value / most : 0]));
}
