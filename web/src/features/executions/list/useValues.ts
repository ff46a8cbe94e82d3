import { counted } from '@/lib/format';
import { nouns } from '@/words';
import { numberOf, textOf } from '../../rows';
import { useCardQuery, type CardQuery } from '../../useCardQuery';
import type { View } from '../../view';

/** What counts the values of a dimension. */
const COUNTS: Record<string, string> = { step: 'steps', error_type: 'errors' };
const MOST = 200;

/** The query for the most frequent values of a dimension. */
function valuesQuery(dimension: string): CardQuery {
  const metric = COUNTS[dimension] ?? 'executions';
  return {
    metrics: [metric],
    dimensions: [dimension],
    orderBy: [{ metric, direction: 'desc' }],
    limit: MOST,
  };
}

/** The values of a dimension in the range, most frequent first, and the name of each. */
export function useValues(view: View, dimension: string, enabled: boolean) {
  const query = useCardQuery(view, valuesQuery(dimension), enabled, 'later');
  const metric = COUNTS[dimension] ?? 'executions';
  const labels = query.data?.labels?.[dimension] ?? {};
  const values = (query.data?.rows ?? []).flatMap((row) => {
    const value = textOf(row, dimension);
    const count = numberOf(row, metric) ?? 0;
    if (!value || count === 0) return [];
    const detail = counted(count, metric === 'steps' ? nouns.run : nouns.execution);
    return [{ value, label: labels[value] ?? value, detail }];
  });
  return { values, loading: query.isPending, error: query.isError ? query.error : null };
}
