import { useCallback } from 'react';
import { usePageSearch, useSetSearch } from '../view';

/** The figures that lead a page. */
export const LEADING = ['completed', 'duration_p50', 'cost'];

/** The figures beside them, most important first. */
export const REST = [
  'executions',
  'success_rate',
  'failed',
  'crashed',
  'duration_p95',
  'steps',
  'activities',
  'users',
];

/** Every figure of the row. */
export const KPIS = [...LEADING, ...REST];

/** What the main chart draws if the URL says nothing: executions by status. */
const USUAL = 'executions';

/** The figure of the row that the main chart draws, and how to choose another. Choosing it again returns to the usual one. */
export function useFigure(): { figure: string; choose: (figure: string) => void } {
  const { figure: wanted } = usePageSearch();
  const setSearch = useSetSearch();
  const figure = wanted !== undefined && KPIS.includes(wanted) ? wanted : USUAL;
  const choose = useCallback(
    (next: string) =>
      setSearch(
        { figure: next === figure || next === USUAL ? undefined : next },
        { replace: true },
      ),
    [figure, setSearch],
  );
  return { figure, choose };
}
