import type { EngagementRule } from '@/api/activity';

/** The parts of a score, in the order in which they are explained. */
export const PARTS = ['recency', 'frequency', 'depth', 'breadth'] as const;

export type Part = (typeof PARTS)[number];

/** How much a part counts, in points of 100: only the proportions of the weights matter. */
export function partShare(weights: EngagementRule['weights'], part: Part): number {
  const sum = PARTS.reduce((all, other) => all + weights[other], 0);
  return sum === 0 ? 0 : (100 * weights[part]) / sum;
}
