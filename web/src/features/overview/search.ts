import { useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useSetSearch } from '../view';

/** What only the overview understands in the URL. */
export interface OverviewSearch {
  /** Whether the table of slower steps shows those that wait, instead of those that work. */
  steps?: 'waiting';
}

/** Keeps what is valid and drops the rest. */
export function overviewSearch(raw: Record<string, unknown>): OverviewSearch {
  return { steps: raw.steps === 'waiting' ? 'waiting' : undefined };
}

/** The parameters of the overview, and how to change them. */
export function useOverviewSearch() {
  const search: OverviewSearch = useSearch({ from: '/frame/board/' });
  const setSearch = useSetSearch();
  const set = useCallback(
    (patch: OverviewSearch) => setSearch(patch as object, { replace: true }),
    [setSearch],
  );
  return [search, set] as const;
}
