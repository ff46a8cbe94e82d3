import type { ReactNode } from 'react';
import { edgeOf, firstIncomplete, MARGIN, type ChartData } from './model';

/** Marks the buckets that are not complete yet with stripes: cut out of bars, or drawn behind lines. */
export function Hatching(props: { data: ChartData; width: number; height: number }): ReactNode {
  const { data, width, height } = props;
  const count = data.starts.length;
  const first = firstIncomplete(data);
  if (first >= count || width === 0) return null;
  const left = edgeOf(first, width, count);
  const bars = data.series.some((series) => series.kind === 'bar');
  return (
    <div
      className={`pointer-events-none absolute ${bars ? 'hatched' : 'hatched-behind'}`}
      style={{
        top: MARGIN.top,
        height: Math.max(0, height - MARGIN.top - MARGIN.bottom - 1),
        left,
        width: edgeOf(count, width, count) - left,
      }}
    />
  );
}
