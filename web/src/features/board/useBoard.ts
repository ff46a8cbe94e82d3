import { useMemo } from 'react';
import type { QueryState } from '@/components/QueryContent';
import type { Answer } from '@/lib/answer';
import { boardQuery } from '../cardQueries';
import { useCardQuery } from '../useCardQuery';
import type { View } from '../view';

/** The figures of a whole range, as an answer of one row. */
export function headlineOf(answer: Answer): Answer {
  const { totals } = answer;
  return {
    ...answer,
    rows: totals?.rows ?? [],
    comparison: totals?.comparison,
    query: { ...answer.query, granularity: null },
  };
}

/** The figures over time: charts draw the comparison period only if the reader has chosen one. */
export function seriesOf(answer: Answer): Answer {
  return answer.frame.compare ? answer : { ...answer, comparison: undefined };
}

/** The figures and the series of a page. They are of one answer, so they always agree. */
export function useBoard(
  view: View,
  enabled = true,
): { headline: QueryState<Answer>; series: QueryState<Answer> } {
  const query = useCardQuery(view, boardQuery(view), enabled);
  const { data } = query;
  const headline = useMemo(() => data && headlineOf(data), [data]);
  const series = useMemo(() => data && seriesOf(data), [data]);
  return { headline: { ...query, data: headline }, series: { ...query, data: series } };
}
