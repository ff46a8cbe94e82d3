import type { VariantComparison } from '@/api/processMap';
import type { EdgeLook } from './Arrows';
import { colorToken } from './colors';
import { edgeKey, stepKey } from './graph';
import type { NodeLook } from './Nodes';
import type { Picture } from './picture';
import { shadeOf, tintsOf, widthOf } from './scale';
import type { Overlay } from './search';

/** How everything on the map looks, by the keys of nodes and edges. */
export interface Looks {
  nodes: Map<string, NodeLook>;
  edges: Map<string, EdgeLook>;
}

/** The widths of the border of the rarest and the most frequent step, in pixels. */
const BORDER = { least: 1, most: 4 };

const borderOf = (weight: number, most: number): number =>
  BORDER.least + (BORDER.most - BORDER.least) * Math.sqrt(most > 0 ? weight / most : 0);

/** Arrows by frequency and waiting, steps by the chosen overlay. */
export function usualLooks(picture: Picture, overlay: Overlay, colors: Map<string, number>): Looks {
  const { graph, waits, most } = picture;
  const steps = graph.nodes.filter(({ step }) => step !== null);
  const top = Math.max(0, ...steps.map(({ weight }) => weight));
  const tints = tintsOf(graph, overlay);
  return {
    nodes: new Map(
      graph.nodes.map(({ key, weight, step }) => [
        key,
        {
          border: borderOf(weight, top),
          tint: tints.get(key) ?? 0,
          hue: `var(--tint-${overlay})`,
          color: colorToken(step ? colors.get(step.step.id) : undefined),
        },
      ]),
    ),
    edges: new Map(
      graph.edges.map(({ key, weight, flow }) => [
        key,
        {
          width: widthOf(weight, most),
          color: `var(--wait-${shadeOf(flow?.waitP50 ?? null, waits)})`,
        },
      ]),
    ),
  };
}

/** A difference of two shares in percentage points: the colour of the group that has more. */
function leaning(difference: number): string {
  return difference < 0 ? 'var(--more-a)' : 'var(--more-b)';
}

/** A difference in percentage points that is drawn as strongly as any. */
const STRONG = 25;

/** What differs between two groups: in the colour of the group that has more, the stronger the more it has. */
export function comparedLooks(usual: Looks, comparison: VariantComparison): Looks {
  const strength = (points: number): number => Math.min(1, Math.abs(points) / STRONG);
  const edges = new Map(
    comparison.edges.map(({ from, to, a, b }) => [
      edgeKey(stepKey(from), stepKey(to)),
      (b.share ?? 0) - (a.share ?? 0),
    ]),
  );
  const nodes = new Map(
    comparison.nodes.map(({ step, a, b }) => [stepKey(step.id), (b.share ?? 0) - (a.share ?? 0)]),
  );
  return {
    nodes: new Map(
      [...usual.nodes].map(([key, look]) => {
        const points = nodes.get(key) ?? 0;
        return [key, { ...look, tint: strength(points), hue: leaning(points) }];
      }),
    ),
    edges: new Map(
      [...usual.edges].map(([key, look]) => {
        const points = edges.get(key) ?? 0;
        // A difference below half a percentage point is grey: it is seen as none.
        if (Math.abs(points) < 0.5) return [key, { ...look, color: 'var(--wait-0)' }];
        const width = widthOf(strength(points), 1);
        return [key, { width, color: leaning(points) }];
      }),
    ),
  };
}
