import type { Variant } from '@/api/processMap';
import { edgeKey, stepKey } from './graph';

/** The nodes and edges of a path through the map, by their keys. */
export interface Path {
  nodes: Set<string>;
  edges: Set<string>;
}

/** The paths of variants through the map, from the start; of those that completed, to the end. */
export function pathOfVariants(variants: Pick<Variant, 'steps'>[]): Path {
  const nodes = new Set<string>(['start']);
  const edges = new Set<string>();
  for (const { steps } of variants) {
    let from = 'start';
    for (const { id, repeats } of steps) {
      const key = stepKey(id);
      nodes.add(key);
      edges.add(edgeKey(from, key));
      if (repeats > 1) edges.add(edgeKey(key, key));
      from = key;
    }
    for (const end of ['end', 'failed', 'dropped']) edges.add(edgeKey(from, end));
    nodes.add('end');
  }
  return { nodes, edges };
}
