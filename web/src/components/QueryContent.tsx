import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { reasonOf } from '@/api/client';
import { timeHere } from '@/lib/zone';
import { problems as words } from '@/words';
import { Icon } from './Icon';
import { ErrorState } from './states';

/** What a component shows of a query. */
export type QueryState<T> = Pick<
  UseQueryResult<T>,
  'isError' | 'error' | 'isFetching' | 'isPending' | 'isPlaceholderData' | 'dataUpdatedAt'
> & { data: T | undefined; refetch: () => Promise<unknown> };

/** A query in each of its states: a skeleton while it loads, an error with retry, stale data marked as such, or data. */
export function QueryContent<T>(props: {
  what: string;
  query: QueryState<T>;
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

function Stale({ query }: { query: QueryState<unknown> }): ReactNode {
  return (
    <p
      role="status"
      className="mx-4 mb-1 flex items-center gap-1.5 rounded bg-warn-soft px-2 py-1 text-xs text-warn"
    >
      <Icon name="clock" size={14} />
      {words.staleSince(timeHere(query.dataUpdatedAt), reasonOf(query.error))}
      <button type="button" className="touch-target underline" onClick={() => void query.refetch()}>
        {words.retry}
      </button>
    </p>
  );
}
