import type { QueryState } from '@/components/QueryContent';
import type { Answer } from '@/lib/answer';
import { numberOf, textOf } from '../rows';
import { useCardQuery, type CardQuery } from '../useCardQuery';
import type { View } from '../view';
import { groupsOf } from './rows';

/** A filter takes this many values at most. */
const MOST_STEPS = 500;

const pairOf = (row: Answer['rows'][number]): string =>
  JSON.stringify([textOf(row, 'workflow'), textOf(row, 'step')]);

/** What the given steps cost. Costs have no type of step, so they are asked for by step, and kept by step and workflow. */
const costQuery = (steps: string[]): CardQuery => ({
  metrics: ['cost'],
  dimensions: ['workflow', 'step'],
  filters: [{ dimension: 'step', op: 'in', values: steps }],
  orderBy: [{ metric: 'cost', direction: 'desc' }],
  limit: 10_000,
});

/** What the steps of a connector cost: the sum of the costs that name one of them; null if none does. */
export function costOf(steps: Answer, costs: Answer): number | null {
  const own = new Set(steps.rows.map(pairOf));
  const theirs = costs.rows.filter((row) => own.has(pairOf(row)));
  if (theirs.length === 0) return null;
  return theirs.reduce((sum, row) => sum + (numberOf(row, 'cost') ?? 0), 0);
}

/** The cost of a connector by its steps: undefined while it is not known, and null, or `'many'`, if it cannot be told. */
export function useCost(view: View, steps: QueryState<Answer>): number | 'many' | null | undefined {
  const rows = steps.data?.rows ?? [];
  const ids = [...new Set(rows.flatMap((row) => textOf(row, 'step') ?? []))].sort();
  const few = ids.length > 0 && ids.length <= MOST_STEPS;
  const costs = useCardQuery(view, costQuery(few ? ids : []), few, 'later');
  if (!steps.data) return undefined;
  if (ids.length === 0) return null;
  if (!few || groupsOf(steps.data) > steps.data.rows.length) return 'many';
  return costs.data && costOf(steps.data, costs.data);
}
