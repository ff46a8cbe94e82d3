import { expect, test } from 'vitest';
import type { ServiceLevel } from '@/api/workflow';
import { budgetLeft, mayFailWords, state, tilesOf } from './summary';

function report(current: Partial<ServiceLevel['current']>): ServiceLevel {
  return {
    current: {
      verdict: 'met',
      successPct: 99.5,
      totalRuns: 1000,
      failedRuns: 5,
      allowedFailures: 20,
      errorBudgetBurnPct: 25,
      bounds: { confidencePct: 95, lowerPct: 98.8, upperPct: 99.8 },
      latency: { thresholdMs: 5000, targetPct: 95, inTimePct: 97, verdict: 'met' },
      p95Ms: 4000,
      ...current,
    },
    config: { targetSuccessPct: 98, targetP95Ms: 5000, level: 'workflow', minimumRuns: 30 },
  } as unknown as ServiceLevel;
}

const plain = (text: unknown): string => String(text).replaceAll('\u00a0', ' ');

test('the state names rate, runs and target', () => {
  expect(plain(state(report({})))).toBe(
    'The service level is met: 99.50 % of 1,000 runs succeeded, and the target is 98.0 %.',
  );
});

test('without runs, or with too few, there is no verdict', () => {
  expect(state(report({ verdict: 'no_data', successPct: null }))).toContain('No runs ended');
  expect(plain(state(report({ verdict: 'not_enough_data', totalRuns: 7 })))).toContain(
    '7 runs are too few',
  );
});

test('a budget that is spent more than once has nothing left', () => {
  expect(budgetLeft(report({}))).toBe(75);
  const over = report({ errorBudgetBurnPct: 327.7, verdict: 'violated' });
  expect(budgetLeft(over)).toBeCloseTo(-227.7);
  const tile = tilesOf(over)[2];
  expect(tile).toMatchObject({ value: 'none', tone: 'bad' });
  expect(tilesOf(report({ errorBudgetBurnPct: null }))[2]?.tone).toBeUndefined();
});

test('the share that may fail is split into the part of the target and the part of the budget', () => {
  const may = (target: number, mayFailPct: number): string => {
    const { config, ...rest } = report({});
    const burnRates = { ...rest.burnRates, mayFailPct };
    return plain(
      mayFailWords({ ...rest, burnRates, config: { ...config, targetSuccessPct: target } }),
    );
  };
  expect(may(99, 2)).toBe('dashed: 2 % may fail (1 % by the target + 1 % budget)');
  expect(may(99.95, 100 - 99.95)).toBe('dashed: 0.05 % may fail');
});
