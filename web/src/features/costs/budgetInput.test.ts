import { expect, test } from 'vitest';
import type { ApiError } from '@/api/client';
import type { Budget } from '@/api/costs';
import { inputOf, percentsText, thresholdsFrom, withBudget, withoutBudget } from './budgetInput';

const budget = (id: string, more: Partial<Budget> = {}): Budget => ({
  id,
  name: `Budget ${id}`,
  level: 'workflow',
  workflowId: 'w',
  metric: 'credits',
  amount: 5,
  period: 'day',
  timezone: 'Europe/Paris',
  thresholds: [
    { basis: 'actual', percent: 80, firedAt: '2026-11-28T00:00:00Z' },
    { basis: 'forecast', percent: 100 },
  ],
  current: {} as Budget['current'],
  ...more,
});

test('a budget is sent back as it is set, without its state', () => {
  expect(inputOf(budget('a'))).toEqual({
    id: 'a',
    name: 'Budget a',
    level: 'workflow',
    workflowId: 'w',
    metric: 'credits',
    amount: 5,
    period: 'day',
    timezone: 'Europe/Paris',
    thresholds: [
      { basis: 'actual', percent: 80 },
      { basis: 'forecast', percent: 100 },
    ],
  });
});

test('the others of a list stay when one is added, changed or deleted', () => {
  const list = [budget('a'), budget('b')];
  const names = (all: { name: string }[]): string[] => all.map(({ name }) => name);
  const fresh = { name: 'New', amount: 1 };
  expect(names(withBudget(list, fresh))).toEqual(['Budget a', 'Budget b', 'New']);
  const changed = { ...inputOf(budget('a')), name: 'Changed' };
  expect(names(withBudget(list, changed))).toEqual(['Changed', 'Budget b']);
  expect(names(withoutBudget(list, 'a'))).toEqual(['Budget b']);
});

test('thresholds are typed as percentages, and what is none is refused at its field', () => {
  const typed = thresholdsFrom('80, 100 % 120', 'actual', 'spentAt');
  expect(typed.map(({ percent }) => percent)).toEqual([80, 100, 120]);
  expect(percentsText(typed, 'actual')).toBe('80, 100, 120');
  expect(percentsText(typed, 'forecast')).toBe('');
  expect(thresholdsFrom('', 'actual', 'spentAt')).toEqual([]);
  for (const bad of ['0', '-5', '1001', 'half']) {
    let field: string | null | undefined;
    try {
      thresholdsFrom(bad, 'forecast', 'expectedAt');
    } catch (error) {
      field = (error as ApiError).problem.field;
    }
    expect(field, bad).toBe('expectedAt');
  }
});
