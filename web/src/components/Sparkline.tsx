import type { ReactNode } from 'react';

const WIDTH = 100;
const HEIGHT = 24;

function pathOf(values: (number | null)[], top: number): string {
  const step = values.length > 1 ? WIDTH / (values.length - 1) : 0;
  let path = '';
  let drawing = false;
  values.forEach((value, index) => {
    if (value === null) {
      drawing = false;
      return;
    }
    const y = HEIGHT - 1.5 - (value / top) * (HEIGHT - 3);
    path += `${drawing ? 'L' : 'M'}${(index * step).toFixed(2)} ${y.toFixed(2)}`;
    // A single point has no length; a tiny stroke makes it visible.
    if (!drawing && (values[index + 1] ?? null) === null) path += 'h0.01';
    drawing = true;
  });
  return path;
}

/** A trend without axes, zero-based; gaps stay gaps. Decorative: the figure next to it carries the meaning. */
export function Sparkline({ values }: { values: (number | null)[] }): ReactNode {
  const top = Math.max(...values.map((value) => value ?? 0), 0);
  const line = top > 0 && values.length > 1 ? pathOf(values, top) : '';
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
      <path
        d={line}
        fill="none"
        stroke="var(--ink-3)"
        strokeWidth="1.25"
        strokeLinejoin="round"
        strokeLinecap="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
