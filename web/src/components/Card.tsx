import { useId, type ReactNode } from 'react';
import type { UseQueryResult } from '@tanstack/react-query';
import { asProblem } from '@/api/client';
import { ErrorState } from './states';
import { Icon } from './Icon';

interface Props {
  title: string;
  note?: ReactNode;
  actions?: ReactNode;
  className?: string;
  testId?: string;
  children: ReactNode;
}

/** A titled region with a hairline border. */
export function Card({ title, note, actions, className = '', testId, children }: Props): ReactNode {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      data-testid={testId}
      className={`flex min-w-0 flex-col rounded-lg border bg-surface ${className}`}
    >
      <header className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 px-4 pt-2 pb-1">
        <h2 id={id} className="text-sm font-semibold">
          {title}
        </h2>
        {note && <span className="text-xs text-ink-3">{note}</span>}
        {actions && <div className="ml-auto flex flex-wrap items-center gap-1">{actions}</div>}
      </header>
      {children}
    </section>
  );
}

/** A query in each of its states: a skeleton while it loads, an error with retry, stale data marked as such, or data. */
export function QueryContent<T>(props: {
  what: string;
  query: UseQueryResult<T>;
  skeleton: ReactNode;
  children: (data: T) => ReactNode;
}): ReactNode {
  const { query } = props;
  if (query.data === undefined) {
    if (!query.isError) return props.skeleton;
    return (
      <ErrorState what={props.what} error={query.error} onRetry={() => void query.refetch()} />
    );
  }
  const changing = query.isPlaceholderData && query.isFetching;
  return (
    <>
      {query.isError && <Stale query={query} />}
      <div
        aria-busy={changing}
        className={`flex min-h-0 flex-1 flex-col transition-opacity ${changing ? 'opacity-50' : ''}`}
      >
        {props.children(query.data)}
      </div>
    </>
  );
}

function Stale({ query }: { query: UseQueryResult }): ReactNode {
  return (
    <p
      role="status"
      className="mx-4 mb-1 flex items-center gap-1.5 rounded bg-warn-soft px-2 py-1 text-xs text-warn"
    >
      <Icon name="clock" size={14} />
      This is the state at {new Date(query.dataUpdatedAt).toLocaleTimeString('en-GB')}; refreshing
      it failed ({asProblem(query.error).code}).
      <button type="button" className="underline" onClick={() => void query.refetch()}>
        Try again
      </button>
    </p>
  );
}
