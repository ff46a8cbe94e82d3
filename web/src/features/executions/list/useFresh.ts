import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { readHistogram, type ExecutionFilter } from '@/api/executions';
import { useLive } from '../../live';
import type { View } from '../../view';
import { boundsOf } from './frame';

/**
 * Counts the executions that are new or have changed since a list was read, without touching the list. `since` is the
 * position of its first row; null if it has none.
 */
export function useFresh(
  view: View,
  filter: ExecutionFilter,
  key: string,
  since: string | null | undefined,
): number {
  const { updatedAt } = useLive();
  const follows = view.live && view.range.kind !== 'absolute' && since !== undefined;
  const query = useQuery({
    queryKey: ['executions', 'fresh', key, since],
    queryFn: async ({ signal }) => {
      const asked = { ...filter, ...boundsOf(view.bounds), since: since ?? undefined };
      return (await readHistogram(asked, view.granularity, signal)).total;
    },
    enabled: false,
  });
  const { refetch } = query;
  useEffect(() => {
    if (follows && updatedAt > 0) void refetch({ cancelRefetch: false });
  }, [follows, updatedAt, refetch]);
  return follows ? (query.data ?? 0) : 0;
}
