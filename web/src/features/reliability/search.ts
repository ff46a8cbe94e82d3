import { useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useSetSearch } from '../view';
import { windowParameter, type ServiceSearch } from '../workflow/search';

/** Keeps the window if it is valid and drops the rest. */
export const reliabilitySearch = (raw: Record<string, unknown>): ServiceSearch => ({
  window: windowParameter(raw.window),
});

/** The window of the page in the URL, and how to change it. What the reader chooses can be undone with Back. */
export function useReliabilitySearch() {
  const search: ServiceSearch = useSearch({ from: '/frame/board/reliability' });
  const setSearch = useSetSearch();
  const set = useCallback((patch: ServiceSearch) => setSearch(patch as object), [setSearch]);
  return [search, set] as const;
}
