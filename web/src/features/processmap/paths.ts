import type { Variant } from '@/api/processMap';
import { edgeKey, stepKey } from './graph';

/** The nodes and edges of a path through the map, by their keys. */
export interface Path {
  nodes: Set<string>;
  edges: Set<string>;
}

/** How the executions of a variant ended, as far as its success rate says. */
function endsOf({ successRate }: Pick<Variant, 'successRate'>): string[] {
  // Only completed, failed and crashed executions have a rate.
  if (successRate == null) return ['dropped'];
  return [...(successRate > 0 ? ['end'] : []), ...(successRate < 100 ? ['failed'] : [])];
}

/** The paths of variants through the map, from the start to the ends that their executions reached. */
export function pathOfVariants(variants: Pick<Variant, 'steps' | 'successRate'>[]): Path {
  const nodes = new Set<string>(['start']);
  const edges = new Set<string>();
  for (const variant of variants) {
    let from = 'start';
    for (const { id, repeats } of variant.steps) {
      const key = stepKey(id);
      nodes.add(key);
      edges.add(edgeKey(from, key));
      if (repeats > 1) edges.add(edgeKey(key, key));
      from = key;
    }
    for (const end of endsOf(variant)) {
      nodes.add(end);
      edges.add(edgeKey(from, end));
    }
  }
  return { nodes, edges };
}
