import { readErrorGroups } from '@/api/errors';
import type { Option } from '@/components/OptionList';
import type { QueryState } from '@/components/QueryContent';
import { counted } from '@/lib/format';
import { nouns } from '@/words';
import { errorFrame, errorView } from '../../errors/frame';
import { nameOf, numberOf, textOf } from '../../rows';
import { useAnswer, useCardQuery, type CardQuery } from '../../useCardQuery';
import type { View } from '../../view';

/** What can be chosen as the value of a filter. */
export interface Choices {
  values: Option[];
  loading: boolean;
  error: unknown;
  retry: () => void;
}

/** What counts the values of a dimension. */
export type Counting = 'executions' | 'steps' | 'errors';

const MOST = 200;

/** The query for the most frequent values of a dimension. */
const valuesQuery = (dimension: string, metric: Counting): CardQuery => ({
  metrics: [metric],
  dimensions: [dimension],
  orderBy: [{ metric, direction: 'desc' }],
  limit: MOST,
});

function choices<T>(query: QueryState<T>, options: (data: T) => Option[]): Choices {
  return {
    values: query.data ? options(query.data) : [],
    loading: query.isPending,
    error: query.isError ? query.error : null,
    retry: () => void query.refetch(),
  };
}

/** The values of a dimension in the range, most frequent first, and the name of each. */
export function useValues(
  view: View,
  dimension: string,
  enabled: boolean,
  metric: Counting = 'executions',
): Choices {
  const query = useCardQuery(view, valuesQuery(dimension, metric), enabled, 'later');
  return choices(query, (answer) =>
    answer.rows.flatMap((row) => {
      const value = textOf(row, dimension);
      const count = numberOf(row, metric) ?? 0;
      if (!value || count === 0) return [];
      const detail = counted(count, metric === 'steps' ? nouns.run : nouns.execution);
      return [{ value, label: nameOf(answer, dimension, value), detail }];
    }),
  );
}

/** The error groups of the range, most frequent first. */
export function useGroups(view: View, enabled: boolean): Choices {
  const frame = { ...errorFrame(view), limit: String(MOST) };
  const query = useAnswer({
    view: errorView(view),
    question: ['error groups to choose', frame],
    ask: async (bounds, signal, asked) => ({
      ...(await readErrorGroups(view.project.id, { ...frame, ...bounds }, signal)),
      ...asked(),
    }),
    enabled,
    when: 'later',
  });
  return choices(query, ({ errors }) =>
    errors.flatMap(({ errorGroup, title, count }) =>
      errorGroup
        ? [{ value: errorGroup, label: title, detail: counted(count, nouns.execution) }]
        : [],
    ),
  );
}
