import type { ReactNode } from 'react';
import { edgeOf, incomplete, MARGIN, type ChartData } from './model';

/** The incomplete buckets of a chart as stretches of neighbours, each from the first to after the last. */
export function stretches(data: ChartData): [number, number][] {
  const found: [number, number][] = [];
  data.starts.forEach((_, index) => {
    if (incomplete(data, index) === null) return;
    const last = found.at(-1);
    if (last?.[1] === index) last[1] = index + 1;
    else found.push([index, index + 1]);
  });
  return found;
}

/** Marks the buckets that do not have all of their figures with stripes: cut out of bars, or drawn behind lines. */
export function Hatching(props: { data: ChartData; width: number; height: number }): ReactNode {
  const { data, width, height } = props;
  const count = data.starts.length;
  if (width === 0) return null;
  const bars = data.series.some((series) => series.kind === 'bar');
  return stretches(data).map(([from, to]) => (
    <div
      key={from}
      className={`pointer-events-none absolute ${bars ? 'hatched' : 'hatched-behind'}`}
      style={{
        top: MARGIN.top,
        height: Math.max(0, height - MARGIN.top - MARGIN.bottom - 1),
        left: edgeOf(from, width, count),
        width: edgeOf(to, width, count) - edgeOf(from, width, count),
      }}
    />
  ));
}
