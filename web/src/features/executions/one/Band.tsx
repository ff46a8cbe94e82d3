import type { ReactNode } from 'react';
import type { ExecutionNorms } from '@/api/executions';
import { compactTrimmed, duration, exactFigure } from '@/lib/format';
import { executions as words } from '@/words';
import { BandSkeleton } from './Skeletons';

const text = words.one.band;

/** How a duration lies to its workflow's usual range. `times` is by the median. */
export interface Placing {
  /** Shares of the band from 0 to 1. */
  typical: number;
  usualFrom: number;
  usualTo: number;
  here: number;
  times: number;
  /** Whether it took longer than 95 % of the executions before. */
  slow: boolean;
}

/** Where a duration stands in a band that holds it and the usual range; null if that is not known. */
export function placingOf(
  duration: number | null | undefined,
  p50: number | null | undefined,
  p95: number | null | undefined,
): Placing | null {
  if (duration == null || p50 == null || p95 == null || p50 <= 0) return null;
  const top = Math.max(duration, p95) * 1.08;
  return {
    typical: p50 / top,
    // The usual range reaches as far below the median as the band is wide enough to show: from 0.
    usualFrom: 0,
    usualTo: p95 / top,
    here: duration / top,
    times: duration / p50,
    slow: duration > p95,
  };
}

/** A thin band of the usual range with the duration marked in it, and the same in words. */
export function Band(props: {
  duration: number | null;
  norms: ExecutionNorms | undefined;
  loading: boolean;
}): ReactNode {
  const { norms } = props;
  if (!norms) return props.loading ? <BandSkeleton /> : <div className="h-12" />;
  const { p50, p95, samples } = norms.execution;
  const placing = placingOf(props.duration, p50, p95);
  if (p50 == null || p95 == null) {
    return <p className="min-h-12 text-xs text-ink-3">{text.tooFew(text.samples(samples))}</p>;
  }
  return (
    <div className="min-h-12">
      {placing && (
        <div aria-hidden="true" className="relative my-1.5 h-2 rounded-full bg-sunken">
          <div
            className="absolute inset-y-0 left-0 rounded-full bg-completed/35"
            style={{ width: `${placing.usualTo * 100}%` }}
          />
          <div
            className="absolute inset-y-0 w-px bg-ink-3"
            style={{ left: `${placing.typical * 100}%` }}
          />
          <div
            className={`absolute -inset-y-1 w-1 -translate-x-1/2 rounded-full ${placing.slow ? 'bg-failed' : 'bg-ink'}`}
            style={{ left: `${placing.here * 100}%` }}
          />
        </div>
      )}
      <p
        className="text-xs text-ink-3"
        title={`${exactFigure(p50, 'milliseconds')}, ${exactFigure(p95, 'milliseconds')}`}
      >
        {placing && (
          <strong className={`mr-1.5 font-medium ${placing.slow ? 'text-bad' : 'text-ink'}`}>
            {text.typical(compactTrimmed(Number(placing.times.toPrecision(2))))}
          </strong>
        )}
        {text.range(duration(p50), duration(p95), text.samples(samples))}
      </p>
    </div>
  );
}
