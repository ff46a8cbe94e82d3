import { useMemo } from 'react';
import type { Granularity } from '@/api/types';
import type { Answer } from '@/lib/answer';
import { bucketEnd, bucketStart } from '@/lib/granularity';
import type { Measure } from './heat';

/** The columns of a heatmap: the buckets of its answer, whether or not anything ran in them. */
export interface Columns {
  /** Epoch milliseconds, ascending. */
  starts: number[];
  /** The end of the last bucket. */
  end: number;
  bounds: { from: number; to: number };
  granularity: Granularity;
  zone: string;
  measure: Measure;
}

/** The starts of all buckets of a range, the first of which may begin before it. */
export function startsOf(
  { from, to }: { from: number; to: number },
  granularity: Granularity,
  zone: string,
): { starts: number[]; end: number } {
  const starts: number[] = [];
  let at = bucketStart(from, granularity, zone);
  while (at < to) {
    starts.push(at);
    at = bucketEnd(at, granularity, zone);
  }
  return { starts, end: at };
}

/** The columns of an answer; the same until it changes. */
export function useColumns(answer: Answer, measure: Measure): Columns {
  return useMemo(() => {
    const { bounds, zone } = answer.frame;
    const granularity = answer.query.granularity ?? 'hour';
    return { ...startsOf(bounds, granularity, zone), bounds, granularity, zone, measure };
  }, [answer, measure]);
}
