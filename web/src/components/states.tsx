import type { ReactNode } from 'react';
import { asProblem } from '@/api/client';
import { components, problems as words } from '@/words';
import { Button } from './Button';
import { Icon } from './Icon';

/** A grey block in place of content that is loading. */
export function Skeleton({ className = '' }: { className?: string }): ReactNode {
  return <div aria-hidden="true" className={`shimmer rounded ${className}`} />;
}

/** A skeleton in the shape of a chart; `headed` if a legend or a remark stands above it. */
export function ChartSkeleton(props: { height: number; headed?: boolean }): ReactNode {
  const bars = Array.from({ length: 24 }, (_, index) => 30 + ((index * 37) % 60));
  return (
    <div role="status" aria-label={components.loading}>
      {props.headed && (
        <div className="flex min-h-7 items-center px-4 max-md:min-h-11">
          <Skeleton className="h-3 w-64 max-w-full" />
        </div>
      )}
      <div style={{ height: props.height }} className="flex items-end gap-1.5 pt-3.5 pb-6 pl-14">
        {bars.map((size, index) => (
          <div key={index} style={{ height: `${size}%` }} className="shimmer flex-1 rounded-sm" />
        ))}
      </div>
    </div>
  );
}

/** A skeleton in the shape of a table with this many rows, and its header. */
export function TableSkeleton({ rows = 6 }: { rows?: number }): ReactNode {
  return (
    <div role="status" aria-label={components.loading} className="px-4 pb-1">
      {Array.from({ length: rows + 1 }, (_, index) => (
        <div
          key={index}
          className="flex h-8 items-center gap-4 border-t first:border-t-0 not-first:pointer-coarse:h-10"
        >
          <Skeleton className="h-3 w-2/5" />
          <Skeleton className="ml-auto h-3 w-16" />
          <Skeleton className="h-3 w-16" />
        </div>
      ))}
    </div>
  );
}

/** What failed, the server's error code if it answered, and a button to try again. The rest of the page stays. */
export function ErrorState(props: {
  what: string;
  error: unknown;
  onRetry: () => void;
}): ReactNode {
  const problem = asProblem(props.error);
  return (
    <div role="alert" className="flex flex-col items-start gap-2 px-4 py-6">
      <p className="flex items-center gap-2 font-medium text-bad">
        <Icon name="warning" /> {words.couldNotLoad(props.what)}
      </p>
      <p className="text-ink-2">
        {problem.detail ?? problem.title} {problem.fix}
      </p>
      {problem.status > 0 && (
        <p className="font-mono text-xs text-ink-3">
          {problem.code} · {words.status(problem.status)}
          {problem.requestId && ` · ${words.request(problem.requestId)}`}
        </p>
      )}
      <Button onClick={props.onRetry}>{words.retry}</Button>
    </div>
  );
}

/** A short remark in a card that has nothing to show. */
export function EmptyNote({ children }: { children: ReactNode }): ReactNode {
  return <p className="m-auto px-4 py-8 text-center text-ink-3">{children}</p>;
}
