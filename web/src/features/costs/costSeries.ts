import type { ChartData } from '@/components/chart/model';
import type { Answer } from '@/lib/answer';
import { nameOf } from '../rows';
import { splitSeries } from '../splitSeries';

/** How many parts are drawn by themselves; the rest is summed. */
export const MOST_PARTS = 7;

/** The costs of an answer that is split by a dimension, as bars on top of each other: the largest part first. */
export function costSeries(
  answer: Answer,
  dimension: string,
  names: { none: string; other: (groups: number) => string },
): ChartData {
  const data = splitSeries(answer, {
    dimensions: [dimension],
    metric: 'cost',
    kind: 'bar',
    absent: 0,
    look: ([value = null]) => ({
      label: value === null ? names.none : nameOf(answer, dimension, value),
    }),
    other: names.other,
  });
  return { ...data, unit: 'usd' };
}
