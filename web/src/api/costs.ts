import { queryOptions } from '@tanstack/react-query';
import { pacedCall, withParameters } from './client';
import type { components } from './schema.gen';

type Schemas = components['schemas'];

export type Costs = Schemas['CostStatistics'];
export type CostForecast = Schemas['CostForecast'];
export type Budgets = Schemas['BudgetList'];
export type Budget = Schemas['BudgetView'];

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
