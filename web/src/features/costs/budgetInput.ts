import { ApiError } from '@/api/client';
import type { Budget, BudgetInput } from '@/api/costs';
import { costs as words } from '@/words';

const SAID = words.budgets;

type Thresholds = NonNullable<BudgetInput['thresholds']>;
type Basis = 'actual' | 'forecast';

/** A budget as it is sent back unchanged. */
export const inputOf = (budget: Budget): BudgetInput => ({
  id: budget.id,
  name: budget.name,
  level: budget.level,
  workflowId: budget.workflowId,
  userId: budget.userId,
  metric: budget.metric === 'credits' ? 'credits' : 'cost',
  amount: budget.amount,
  period: budget.period,
  timezone: budget.timezone,
  thresholds: budget.thresholds.map(({ basis, percent }) => ({ basis, percent })),
});

/** The list with a budget changed, or added if it has no id. */
export function withBudget(budgets: Budget[], changed: BudgetInput): BudgetInput[] {
  const list = budgets.map(inputOf);
  const place = list.findIndex(({ id }) => changed.id != null && id === changed.id);
  return place < 0 ? [...list, changed] : list.with(place, changed);
}

/** The list without a budget. */
export const withoutBudget = (budgets: Budget[], id: string): BudgetInput[] =>
  budgets.filter((budget) => budget.id !== id).map(inputOf);

/** The percentages at which a budget raises alerts, as they are typed: `80, 100`. */
export const percentsText = (thresholds: Thresholds, basis: Basis): string =>
  thresholds
    .filter((one) => (one.basis ?? 'actual') === basis)
    .map(({ percent }) => percent)
    .join(', ');

/** The thresholds that a text such as `80, 100` names. Fails if a part of it is no percentage, naming the field. */
export function thresholdsFrom(text: string, basis: Basis, field: string): Thresholds {
  const parts = text
    .replaceAll('%', ' ')
    .split(/[,;\s]+/)
    .filter(Boolean);
  return parts.map((part) => {
    const percent = Number(part);
    if (percent > 0 && percent <= 1000) return { basis, percent };
    throw new ApiError({
      type: 'about:blank',
      title: SAID.notPercent,
      detail: SAID.notPercent,
      code: 'invalid_parameter',
      status: 400,
      field,
    });
  });
}
