import type { ReactNode } from 'react';

const WIDTH = 100;
const HEIGHT = 24;

/** The path of the values from one index up to before another; gaps stay gaps. */
export function pathOf(
  values: (number | null)[],
  top: number,
  from = 0,
  to = values.length,
): string {
  const step = values.length > 1 ? WIDTH / (values.length - 1) : 0;
  let path = '';
  let drawing = false;
  for (let index = from; index < to; index += 1) {
    const value = values[index] ?? null;
    if (value === null) {
      drawing = false;
      continue;
    }
    const y = HEIGHT - 1.5 - (value / top) * (HEIGHT - 3);
    path += `${drawing ? 'L' : 'M'}${(index * step).toFixed(2)} ${y.toFixed(2)}`;
    // A single point has no length; a tiny stroke makes it visible.
    if (!drawing && (index + 1 >= to || (values[index + 1] ?? null) === null)) path += 'h0.01';
    drawing = true;
  }
  return path;
}

const LINE = {
  fill: 'none',
  stroke: 'var(--ink-3)',
  strokeWidth: '1.25',
  strokeLinejoin: 'round',
  strokeLinecap: 'round',
  vectorEffect: 'non-scaling-stroke',
} as const;

interface Props {
  values: (number | null)[];
  /** The values from this index on are not complete yet: they are dotted. */
  openFrom?: number;
}

/** A trend without axes, zero-based; gaps stay gaps. Decorative: the figure next to it carries the meaning. */
export function Sparkline({ values, openFrom = values.length }: Props): ReactNode {
  const top = Math.max(...values.map((value) => value ?? 0), 0);
  const drawn = top > 0 && values.length > 1;
  const open = openFrom < values.length;
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      className="block h-6 w-full"
    >
      <path
        d={`M0 ${HEIGHT - 0.5}H${WIDTH}`}
        stroke="var(--grid)"
        vectorEffect="non-scaling-stroke"
      />
      {drawn && <path d={pathOf(values, top, 0, openFrom)} {...LINE} />}
      {drawn && open && (
        <path
          d={pathOf(values, top, Math.max(0, openFrom - 1))}
          {...LINE}
          strokeDasharray="0.1 3"
          data-open
        />
      )}
    </svg>
  );
}
