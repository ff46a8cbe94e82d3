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

/** The shades of waiting: from which duration (ms) each begins, the shortest first. What waits less has shade 0. */
export interface WaitScale {
  from: number[];
}

const UNITS = [86_400_000, 3_600_000, 60_000, 1000, 100, 10];

/** A duration (ms) as a person would say it, rounded down: 43 s, 5 m, 3 h. */
function rounded(wait: number): number {
  const unit = UNITS.find((size) => wait >= size) ?? 1;
  return Math.floor(wait / unit) * unit;
}

/** Shades differ by at least this factor: a smaller difference is none to a reader. */
const LEAST_RATIO = 1.5;
/** Waiting below this share of the time that the longest step takes matters to nobody who looks at the map. */
const WORTH_A_SHADE = 0.01;

/**
 * Shades that divide the waits of a map evenly on a log scale, fewer if the waits differ little. `longestStep` is the
 * typical duration (ms) of the step that takes longest.
 */
export function waitScale(waits: number[], longestStep: number): WaitScale {
  const worth = Math.max(1, WORTH_A_SHADE * longestStep);
  const long = waits.filter((wait) => wait >= worth);
  if (long.length === 0) return { from: [] };
  const most = Math.max(...long);
  // Below a ten-thousandth of the longest, waiting does not matter either.
  const low = Math.max(Math.min(...long), most / 1e4);
  const count = Math.min(SHADES, 1 + Math.floor(Math.log(most / low) / Math.log(LEAST_RATIO)));
  const ratio = (most / low) ** (1 / count);
  const begins = Array.from({ length: count }, (_, shade) => rounded(low * ratio ** shade));
  return { from: [...new Set(begins)] };
}

/** The colour of a shade, 0 to `SHADES`: where there are few, they differ as much as where there are many. */
export const colorOfShade = (shade: number, { from }: WaitScale): number =>
  Math.round((shade * SHADES) / Math.max(1, from.length));

/** The colour of a wait: 0 if there is none, up to `SHADES` for the longest. */
export function shadeOf(wait: number | null | undefined, scale: WaitScale): number {
  if (wait == null) return 0;
  return colorOfShade(scale.from.filter((begin) => wait >= begin).length, scale);
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
