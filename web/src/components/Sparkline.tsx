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
  /** A stretch of the values, in indices, that stands out; a line marks where it begins. */
  mark?: { from: number; to: number } | null;
  /** Its height; one line of text unless it says otherwise. */
  height?: string;
}

/** A trend without axes, zero-based; gaps stay gaps. Decorative: the figure next to it carries the meaning. */
export function Sparkline(props: Props): ReactNode {
  const { values, openFrom = values.length, mark, height = 'h-6' } = props;
  const top = Math.max(...values.map((value) => value ?? 0), 0);
  const drawn = top > 0 && values.length > 1;
  const open = openFrom < values.length;
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      className={`block w-full ${height}`}
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
      {drawn && mark && <Marked values={values} top={top} mark={mark} />}
    </svg>
  );
}

function Marked(props: {
  values: (number | null)[];
  top: number;
  mark: { from: number; to: number };
}): ReactNode {
  const { values, top, mark } = props;
  const x = (WIDTH * mark.from) / Math.max(1, values.length - 1);
  const [first, end] = [Math.max(0, Math.floor(mark.from)), Math.ceil(mark.to) + 1];
  return (
    <g data-mark>
      <path
        d={`M${x.toFixed(2)} 0V${HEIGHT}`}
        stroke="var(--accent)"
        vectorEffect="non-scaling-stroke"
      />
      <path d={pathOf(values, top, first, end)} {...LINE} stroke="var(--bad)" strokeWidth="1.75" />
    </g>
  );
}
