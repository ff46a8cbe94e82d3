import { useQuery } from '@tanstack/react-query';
import { neighboursQuery, type ExecutionNorms } from '@/api/executions';
import { executions as words } from '@/words';
import { useView } from '../../view';
import { isNarrowed } from '../list/chips';
import { boundsOf, filterOf } from '../list/frame';
import type { ListSearch } from '../search';

/** The executions beside one: of the list that it was opened from, or else of its workflow. */
export interface Beside {
  older: string | null | undefined;
  newer: string | null | undefined;
  labels: { older: string; newer: string };
}

/** What is beside an execution. A list that is limited by filters stays the one to go through. */
export function useBeside(
  id: string,
  norms: ExecutionNorms | undefined,
  search: ListSearch,
): Beside {
  const view = useView();
  const inList = isNarrowed(search) || view.workflows.length === 1;
  const filter = { ...filterOf(view, search), ...boundsOf(view.bounds) };
  const { data } = useQuery({ ...neighboursQuery(id, filter), enabled: inList });
  const { older, newer, previous, next } = words.one;
  if (!inList) {
    const labels = { older: previous, newer: next };
    return { older: norms?.previous, newer: norms?.next, labels };
  }
  return { older: data?.older?.id, newer: data?.newer?.id, labels: { older, newer } };
}
