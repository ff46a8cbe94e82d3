import type { ReactNode } from 'react';
import type { Column } from '@/components/DataTable';
import { FEWEST } from '@/lib/chance';
import { exact, exactFigure, figure } from '@/lib/format';
import { figures as words } from '@/words';

/** A percentile of the durations of a step or a workflow, in milliseconds, if there are enough runs to know it from; otherwise null. */
export const knownPercentile = (value: number | null | undefined, timed: number): number | null =>
  timed < FEWEST ? null : (value ?? null);

/** A percentile as it stands in tables and lists, and what it is a percentile of. */
export function percentileWords(
  value: number | null | undefined,
  timed: number,
): { value: ReactNode; exact: string } {
  const few = timed > 0 && timed < FEWEST;
  return {
    value: few ? (
      <span className="text-xs font-normal text-ink-3">{words.tooFew}</span>
    ) : (
      figure(knownPercentile(value, timed), 'milliseconds')
    ),
    exact: few
      ? words.tooFewRuns(exact(timed), exact(FEWEST))
      : words.ofRuns(exactFigure(knownPercentile(value, timed), 'milliseconds'), exact(timed)),
  };
}

/** A column for a percentile of durations. Those with too few runs go last in either order. */
export function percentileColumn<Id extends string, Row extends Record<Id, number | null>>(
  id: Id,
  header: string,
  /** How many of a row's runs have a duration. */
  timedOf: (row: Row) => number,
  wideOnly = false,
): Column<Row> {
  return {
    id,
    header,
    numeric: true,
    wideOnly,
    sortBy: (row) => knownPercentile(row[id], timedOf(row)),
    cell: (row) => percentileWords(row[id], timedOf(row)).value,
    exact: (row) => percentileWords(row[id], timedOf(row)).exact,
  };
}
