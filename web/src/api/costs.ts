import { queryOptions } from '@tanstack/react-query';
import { call, pacedCall, withParameters } from './client';
import type { components } from './schema.gen';

type Schemas = components['schemas'];

export type Costs = Schemas['CostStatistics'];
export type CostForecast = Schemas['CostForecast'];
export type Budgets = Schemas['BudgetList'];
export type Budget = Schemas['BudgetView'];

/** A budget as it is set; one with the id of another changes it. */
export type BudgetInput = Schemas['BudgetInput'];

/** Where budgets are read and set. */
export const BUDGETS = '/api/v1/analytics/costs/budgets';

/** The budgets of a project, each with what was spent in its current period. */
export const budgetsQuery = (projectId: string) =>
  queryOptions({
    queryKey: ['budgets', projectId],
    staleTime: 60_000,
    queryFn: ({ signal }) =>
      pacedCall<Budgets>('GET', withParameters(BUDGETS, { projectId }), undefined, signal),
  });

/**
 * Changes the list of budgets. It is read just before, so that the change of another person is not undone: the API takes
 * the whole list.
 */
export async function changeBudgets(
  projectId: string,
  change: (budgets: Budget[]) => BudgetInput[],
): Promise<void> {
  const path = withParameters(BUDGETS, { projectId });
  const { budgets } = await call<Budgets>('GET', path);
  await call('PUT', path, { budgets: change(budgets) });
}
