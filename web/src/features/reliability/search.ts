import { useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useSetSearch } from '../view';
import { windowParameter, type ServiceSearch } from '../workflow/search';

/** The state of the page in the URL, apart from what every page has. */
export interface ReliabilitySearch extends ServiceSearch {
  /** Whether the table has every service level, and not only the first ones. */
  rows?: 'all';
}

/** Keeps what is valid and drops the rest. */
export const reliabilitySearch = (raw: Record<string, unknown>): ReliabilitySearch => ({
  window: windowParameter(raw.window),
  rows: raw.rows === 'all' ? 'all' : undefined,
});

/** What the page shows by the URL, and how to change it. What the reader chooses can be undone with Back. */
export function useReliabilitySearch() {
  const search: ReliabilitySearch = useSearch({ from: '/frame/board/reliability' });
  const setSearch = useSetSearch();
  const set = useCallback((patch: ReliabilitySearch) => setSearch(patch as object), [setSearch]);
  return [search, set] as const;
}
