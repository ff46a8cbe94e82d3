import { useCallback } from 'react';
import type { Comparison } from '@/api/types';
import { usePageSearch, useSetSearch, useView } from '../view';

/** The comparisons to choose from. */
export const COMPARISONS: { value: 'off' | Comparison; label: string }[] = [
  { value: 'off', label: 'No comparison' },
  { value: 'previous_period', label: 'Previous period' },
  { value: 'previous_year', label: 'Previous year' },
];

/** The comparison in the URL, a setter, and the toggle behind the `c` key. */
export function useCompareSwitch() {
  const { compare } = usePageSearch();
  const { range } = useView();
  const setSearch = useSetSearch();
  const possible = range.kind !== 'all';
  const choose = useCallback(
    (value: string) => {
      setSearch({ compare: value === 'off' ? undefined : (value as Comparison) });
    },
    [setSearch],
  );
  const toggle = useCallback(() => {
    if (possible || compare) choose(compare ? 'off' : 'previous_period');
  }, [choose, compare, possible]);
  return { compare, possible, choose, toggle };
}
