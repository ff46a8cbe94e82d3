import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import type { QueryState } from '@/components/QueryContent';
import type { Bounds } from '../useCardQuery';
import type { View } from '../view';

/** A list that is read in pages, as far as it has been read. */
export interface Pages<P> extends QueryState<P[]> {
  /** Reads the next page; undefined if there is none. */
  more: (() => void) | undefined;
  reading: boolean;
}

/** Reads a list about the range of a view, one page after the other; a cursor names the next. */
export function usePages<P extends { nextCursor?: string | null }>(props: {
  view: View;
  /** The question, apart from the bounds of the range. */
  question: unknown;
  ask: (bounds: Bounds, cursor: string | undefined, signal: AbortSignal) => Promise<P>;
}): Pages<P> {
  const { view } = props;
  const bounds: Bounds = {
    from: new Date(view.bounds.from).toISOString(),
    to: new Date(view.bounds.to).toISOString(),
  };
  const result = useInfiniteQuery({
    queryKey: ['pages', view.project.id, props.question, bounds],
    queryFn: ({ pageParam, signal }) => props.ask(bounds, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    // Reading all pages again would move rows under the reader.
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });
  return {
    ...result,
    data: result.data?.pages,
    more: result.hasNextPage ? () => void result.fetchNextPage() : undefined,
    reading: result.isFetchingNextPage,
  };
}
