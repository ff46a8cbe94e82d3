import type { Difference, VariantComparison } from '@/api/processMap';
import { fixed } from '@/lib/format';
import { processmap as words } from '@/words';

type Row = VariantComparison['rows'][number];

/** A difference in percentage points, with its sign. */
export function points(value: number): string {
  const size = fixed(Math.abs(value), 1);
  const sign = Math.abs(value) < 0.05 ? '' : value > 0 ? '+' : '−';
  return `${sign}${size}`;
}

/** What B has more than A: the API has it the other way round. */
const ofB = ({ value, lower, upper }: Difference): Difference => ({
  value: -value,
  lower: -upper,
  upper: -lower,
});

/** By how much more executions of B than of A took a path, in words, and its bounds; null if that is not known. */
export function differenceOf({ difference }: Row): { text: string; bounds: string } | null {
  if (!difference) return null;
  const { value, lower, upper } = ofB(difference);
  return {
    text: words.comparison.points(points(value)),
    bounds: words.comparison.bounds(points(lower), points(upper)),
  };
}

/** Whether a path is taken by significantly different shares, in words and in its colour. */
export function findingOf(row: Row): { text: string; color: string } {
  if (row.finding === 'not_enough_data' || !row.difference) {
    return { text: words.comparison.findings.few, color: 'var(--ink-3)' };
  }
  if (row.finding === 'no_difference') {
    return { text: words.comparison.findings.same, color: 'var(--ink-3)' };
  }
  return row.difference.value < 0
    ? { text: words.comparison.findings.more, color: 'var(--more-b)' }
    : { text: words.comparison.findings.less, color: 'var(--more-a)' };
}
