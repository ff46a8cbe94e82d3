import { useMemo } from 'react';
import type { Granularity, QueryResult } from '@/api/types';
import type { Comparability } from '@/components/Delta';
import type { Answer } from '@/lib/answer';
import { exact } from '@/lib/format';
import { board } from '@/words';
import { hasEvents, SIGNS } from './rows';
import { useCardQuery, type CardQuery } from './useCardQuery';
import type { View } from './view';

/**
 * No change is shown against a period that had next to no data. A period can be compared with if at least half as many
 * of its parts (days, hours or minutes) have data as of the present one. Counting parts, rather than events, does not
 * hide a real rise or fall. Measuring by the present period, rather than by all parts, admits projects that have always
 * been quiet at night or at weekends. Half is where a first month of data begins to be a month.
 */
export const LEAST_SHARE = 0.5;

const HOUR = 3_600_000;
const words = board.noComparison;

/** The parts whose data is counted: at most 180, but for long ranges. */
function partOf(spanMs: number): 'minute' | 'hour' | 'day' {
  if (spanMs < 3 * HOUR) return 'minute';
  return spanMs < 72 * HOUR ? 'hour' : 'day';
}

/** Where there is data in the range of a view and in the period it is compared with. */
export function coverageQuery(view: View): CardQuery {
  return {
    metrics: SIGNS,
    granularity: partOf(view.bounds.to - view.bounds.from),
    compare: view.compare ?? 'previous_period',
  };
}

/** What the parts of a coverage are called. */
const partsOf = (granularity: Granularity | null | undefined): string =>
  granularity === 'minute' || granularity === 'hour' ? words.parts[granularity] : words.parts.day;

/** Judges the period that a range (RFC 3339) is compared with; undefined while nothing is known about that range. */
export function comparability(
  coverage: QueryResult | undefined,
  range: { from: string; to: string },
): Comparability | undefined {
  const { comparison, query } = coverage ?? {};
  if (!coverage || !comparison || !query) return undefined;
  const same = (a: string, b: string): boolean => Date.parse(a) === Date.parse(b);
  if (!same(query.range.from, range.from) || !same(query.range.to, range.to)) return undefined;
  const filled = (rows: QueryResult['rows']): number => rows.filter(hasEvents).length;
  const before = filled(comparison);
  if (before > 0 && before >= LEAST_SHARE * filled(coverage.rows)) return { possible: true };
  const name = board.inComparison[query.compare ?? 'previous_period'];
  const reason =
    before === 0
      ? words.noData(name)
      : words.little(name, exact(before), exact(comparison.length), partsOf(query.granularity));
  return { possible: false, reason };
}

/** What is known about the period that a view is compared with; there is none before "all data". */
export function useCoverage(view: View): Answer | undefined {
  const enabled = view.extent !== null && view.range.kind !== 'all';
  return useCardQuery(view, coverageQuery(view), enabled, 'later').data;
}

/** Judges the period that an answer is compared with; the same object until one of the two answers changes. */
export function useComparability(
  coverage: QueryResult | undefined,
  range: { from: string; to: string } | undefined,
): Comparability | undefined {
  return useMemo(() => range && comparability(coverage, range), [coverage, range]);
}
