import { useQueries, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { executionQuery, type ExecutionDetail } from '@/api/executions';
import { useView } from '../../view';
import { callsToRead } from './expanded';
import { itemsOf, type Item } from './model';

/** What is known of the inside of a called execution. */
export type Inside = 'loading' | 'failed' | 'empty' | undefined;

/** The most called executions whose steps are shown at a time. */
export const MOST_INSIDE = 40;

/** The items of a waterfall. The steps of called executions are loaded when these are expanded. */
export function useItems(
  detail: ExecutionDetail,
  byStep: boolean,
  isExpanded: (row: Pick<Item, 'id' | 'kind'>) => boolean,
  /** When the execution was read (epoch milliseconds): what has not ended is drawn up to then. */
  at: number,
): { items: Item[]; stateOf: (item: Item) => Inside } {
  const view = useView();
  const client = useQueryClient();
  const read = (id: string): ExecutionDetail | undefined =>
    client.getQueryData(executionQuery(view.project.id, id).queryKey);
  // What is read names the next ones to read: the queries below draw this component again when it arrives.
  const ids = callsToRead(detail, isExpanded, read, MOST_INSIDE);
  const results = useQueries({
    queries: ids.map((id) => executionQuery(view.project.id, id)),
    combine: (found) => ({
      data: found.map(({ data }) => data),
      failed: found.map(({ isError }) => isError),
    }),
  });
  const loaded = useMemo(() => {
    const details = results.data.flatMap((data) => (data ? [[data.id, data] as const] : []));
    return new Map(details);
  }, [results.data]);
  const items = useMemo(
    () => itemsOf(detail, { byStep, loaded, now: at }),
    [detail, byStep, loaded, at],
  );
  const stateOf = (item: Item): Inside => {
    const index = item.execution ? ids.indexOf(item.execution) : -1;
    if (index < 0) return undefined;
    if (results.failed[index]) return 'failed';
    const inside = results.data[index];
    if (!inside) return 'loading';
    return inside.timeline.steps.length + inside.children.length === 0 ? 'empty' : undefined;
  };
  return { items, stateOf };
}
