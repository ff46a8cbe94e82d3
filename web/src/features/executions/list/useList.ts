import { useEffect, useState, useSyncExternalStore } from 'react';
import { mayPass } from '@/api/client';
import { readExecutions, type ExecutionFilter, type ExecutionRow } from '@/api/executions';
import { useLive } from '../../live';
import { useRecovery } from '../../recovery';
import { boundsOf, type Reading } from './frame';
import { PagedList } from './pages';

/** How many executions a page has. */
export const PAGE = 100;

/** The list that was read last: going back from an execution shows it at once, where it was left. */
let kept: { key: string; list: PagedList<ExecutionRow> } | null = null;

function listFor(filter: ExecutionFilter, reading: Reading): PagedList<ExecutionRow> {
  if (kept?.key === reading.key) return kept.list;
  const asked = { ...filter, ...boundsOf(reading.bounds) };
  const list = new PagedList<ExecutionRow>(async (cursor, signal) => {
    const page = await readExecutions(asked, PAGE, cursor, signal);
    const { executions: rows, nextCursor, newestCursor: newest } = page;
    return { rows, next: nextCursor ?? undefined, newest };
  }, PAGE);
  kept = { key: reading.key, list };
  return list;
}

/** The list of a reading; the component that uses it is drawn again when it changes. */
export function useList(filter: ExecutionFilter, reading: Reading): PagedList<ExecutionRow> {
  const [list] = useState(() => listFor(filter, reading));
  useSyncExternalStore(list.subscribe, list.snapshot);
  useEffect(() => () => list.stop(), [list]);
  useRecovery(useLive().state, () => {
    if (list.error !== null && mayPass(list.error)) list.retry();
  });
  return list;
}
