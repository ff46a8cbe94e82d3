import { useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { textParameter } from '@/lib/search';
import { useSetSearch } from '../view';
import { STATES, type StateName } from './state';

/** What only the list of workflows understands in the URL. */
export interface ListSearch {
  /** The families that are unfolded. */
  open?: string[];
  /** What makes a family: a declared dimension, or nothing if it is `off`; a common name by default. */
  group?: string;
  /** Only workflows in this state. */
  state?: StateName;
  /** How many rows are shown. */
  rows?: string;
}

/** How the names of declared dimensions begin. */
export const DECLARED = 'metadata.';

/** Rows are shown in pages of this many. */
export const PAGE = 50;

/** Keeps what is valid and drops the rest. */
export function listSearch(raw: Record<string, unknown>): ListSearch {
  const open = (Array.isArray(raw.open) ? raw.open : [raw.open]).flatMap(
    (entry) => textParameter(entry) ?? [],
  );
  const rows = textParameter(raw.rows);
  const group = textParameter(raw.group);
  return {
    open: open.length > 0 ? open : undefined,
    group: group === 'off' || group?.startsWith(DECLARED) ? group : undefined,
    state: STATES.find((state) => state === raw.state),
    rows: rows && /^[1-9]\d{0,4}$/.test(rows) ? rows : undefined,
  };
}

/** The parameters of the list, and how to change them. */
export function useListSearch() {
  const search: ListSearch = useSearch({ from: '/frame/board/workflows' });
  const setSearch = useSetSearch();
  const set = useCallback((patch: ListSearch) => setSearch(patch as object), [setSearch]);
  return [search, set] as const;
}
