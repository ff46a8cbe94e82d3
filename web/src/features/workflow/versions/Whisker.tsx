import type { ReactNode } from 'react';

/** A figure with its bounds on a scale, as a dot and a line. Decorative: the figures are next to it. */
export function Whisker(props: {
  of: { value: number; lower: number; upper: number } | null | undefined;
  from: number;
  to: number;
  tone?: 'good' | 'bad';
  className: string;
}): ReactNode {
  const { of, from, to, tone } = props;
  const span = to - from;
  const at = (value: number): number =>
    span > 0 ? Math.max(0, Math.min(100, (100 * (value - from)) / span)) : 0;
  const color = tone === 'good' ? 'var(--good)' : tone === 'bad' ? 'var(--bad)' : 'var(--series-1)';
  return (
    <span aria-hidden="true" className={`relative h-3 ${props.className}`}>
      <span className="absolute top-1/2 left-0 h-px w-full bg-line" />
      {of && (
        <>
          <span
            className="absolute top-1/2 h-1 -translate-y-1/2 rounded-full opacity-35"
            style={{
              left: `${at(of.lower)}%`,
              width: `${Math.max(0.5, at(of.upper) - at(of.lower))}%`,
              background: color,
            }}
          />
          <span
            className="absolute top-1/2 size-2 -translate-x-1/2 -translate-y-1/2 rounded-full"
            style={{ left: `${at(of.value)}%`, background: color }}
          />
        </>
      )}
    </span>
  );
}
