import { useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { textParameter } from '@/lib/search';
import { useSetSearch } from '../view';
import { STATES, type StateName } from './state';

/** What only the list of workflows understands in the URL. */
export interface ListSearch {
  /** The families that are unfolded. */
  open?: string[];
  /** Whether families are not rolled up. */
  group?: 'off';
  /** Only workflows in this state. */
  state?: StateName;
  /** How many rows are shown. */
  rows?: string;
}

/** Rows are shown in pages of this many. */
export const PAGE = 50;

/** Keeps what is valid and drops the rest. */
export function listSearch(raw: Record<string, unknown>): ListSearch {
  const open = (Array.isArray(raw.open) ? raw.open : [raw.open]).flatMap(
    (entry) => textParameter(entry) ?? [],
  );
  const rows = textParameter(raw.rows);
  return {
    open: open.length > 0 ? open : undefined,
    group: raw.group === 'off' ? 'off' : undefined,
    state: STATES.find((state) => state === raw.state),
    rows: rows && /^[1-9]\d{0,4}$/.test(rows) ? rows : undefined,
  };
}

/** The parameters of the list, and how to change them. */
export function useListSearch() {
  const search: ListSearch = useSearch({ from: '/frame/board/workflows' });
  const setSearch = useSetSearch();
  const set = useCallback(
    (patch: ListSearch) => setSearch(patch as object, { replace: true }),
    [setSearch],
  );
  return [search, set] as const;
}
