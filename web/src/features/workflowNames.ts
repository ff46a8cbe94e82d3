import { useMemo } from 'react';
import { compact } from '@/lib/format';
import { workflowsQuery } from './cardQueries';
import { numberOf, textOf } from './rows';
import { useCardQuery } from './useCardQuery';
import { type View } from './view';

/** The workflows that ran in the range, regardless of the filter, most executions first. */
export function useWorkflowNames(view: View, enabled: boolean) {
  const everything = useMemo(() => ({ ...view, workflows: [] }), [view]);
  const query = useCardQuery(everything, workflowsQuery, enabled, 'later');
  const list = useMemo(() => {
    const labels = query.data?.labels?.workflow ?? {};
    return (query.data?.rows ?? []).flatMap((row) => {
      const id = textOf(row, 'workflow');
      if (id === null) return [];
      return [{ id, name: labels[id] ?? id, detail: compact(numberOf(row, 'executions') ?? 0) }];
    });
  }, [query.data]);
  return {
    list,
    loading: query.isPending,
    error: query.isError ? query.error : null,
    retry: query.refetch,
  };
}
