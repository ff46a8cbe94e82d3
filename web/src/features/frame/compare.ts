import { useCallback } from 'react';
import type { Comparison } from '@/api/types';
import { frame } from '@/words';
import { useSetSearch, useView } from '../view';

const { comparisons: words } = frame;

/** The comparisons to choose from. */
export const COMPARISONS: { value: 'off' | Comparison; label: string }[] = [
  { value: 'off', label: words.off },
  { value: 'previous_period', label: words.previous_period },
  { value: 'previous_year', label: words.previous_year },
];

/** The comparison of the page, a setter, and the toggle behind the `c` key. */
export function useCompareSwitch() {
  const { compare, range } = useView();
  const setSearch = useSetSearch();
  const possible = range.kind !== 'all';
  const choose = useCallback(
    (value: string) => {
      setSearch({ compare: value === 'off' ? undefined : (value as Comparison) });
    },
    [setSearch],
  );
  const toggle = useCallback(() => {
    if (possible) choose(compare ? 'off' : 'previous_period');
  }, [choose, compare, possible]);
  return { compare, possible, choose, toggle };
}
