import type { ReactNode } from 'react';
import type { Scale } from './scale';

/** The times above a waterfall, since the start of the execution, and lines through its rows. */
export function Axis({ scale, names }: { scale: Scale; names: number }): ReactNode {
  return (
    <div
      aria-hidden="true"
      className="sticky top-0 z-10 h-6 border-b bg-surface text-2xs text-ink-3"
    >
      {scale.ticks.map(({ x, label }, index) => (
        <span
          key={label}
          style={{ left: names + x }}
          className={`absolute top-1 whitespace-nowrap ${index === 0 && x < 12 ? '' : x > scale.width - 24 ? '-translate-x-full' : '-translate-x-1/2'}`}
        >
          {label}
        </span>
      ))}
    </div>
  );
}

/** The lines through all rows of a waterfall, one at each time of its axis. */
export function Grid({ scale, names }: { scale: Scale; names: number }): ReactNode {
  return (
    <div aria-hidden="true" className="pointer-events-none absolute inset-0">
      {scale.ticks.map(({ x, label }) => (
        <span
          key={label}
          style={{ left: names + x }}
          className="absolute inset-y-0 w-px bg-(--grid)"
        />
      ))}
    </div>
  );
}
