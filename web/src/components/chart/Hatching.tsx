import { useId, useMemo, type ReactNode } from 'react';
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
export function Hatching(props: {
  data: ChartData;
  width: number;
  height: number;
  over: 'bars' | 'background';
}): ReactNode {
  const { data, width, height, over } = props;
  const id = useId();
  const parts = useMemo(() => stretches(data), [data]);
  const count = data.starts.length;
  const bars = over === 'bars';
  return (
    <g data-hatching={over}>
      <pattern
        id={id}
        width={6}
        height={6}
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <rect width={bars ? 3 : 2} height={6} fill={bars ? 'var(--hatch)' : 'var(--line)'} />
      </pattern>
      {parts.map(([from, to]) => (
        <rect
          key={from}
          x={edgeOf(from, width, count)}
          y={MARGIN.top}
          width={edgeOf(to, width, count) - edgeOf(from, width, count)}
          height={Math.max(0, height - MARGIN.top - MARGIN.bottom)}
          fill={`url(#${id})`}
        />
      ))}
    </g>
  );
}
