import { expect, test } from 'vitest';
import type { ServiceLevel } from '@/api/workflow';
import { burnWords } from './BurnRates';
import { budgetLeft, budgetWords, mayFailWords, state, tilesOf } from './summary';

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
    'The success target is met: 99.50 % of 1,000 runs succeeded, and the target is 98.0 %.',
  );
});

test('a level whose runs succeed too slowly is not called met', () => {
  const latency = { thresholdMs: 5000, targetPct: 95, inTimePct: 71.8, verdict: 'violated' };
  const slow = report({ latency } as unknown as Partial<ServiceLevel['current']>);
  expect(plain(state(slow))).toContain(
    'the target is 98.0 %. Runs are too slow: 71.8 % finished within 5.00 s, and 95.0 % must.',
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

/** A report of which 2 % of runs may fail, and 5 % may be slow. */
const allowing = (): ServiceLevel =>
  ({
    ...report({}),
    burnRates: { period: '7d', mayFailPct: 2, mayBeLatePct: 5, alerts: [] },
  }) as unknown as ServiceLevel;

test('it is said that target and budget add up, and that slow runs have a budget of their own', () => {
  const all = allowing();
  const config = { ...all.config, targetSuccessPct: 99, errorBudgetPct: 1 };
  expect(plain(budgetWords({ ...all, config }))).toBe(
    'A target of 99 % lets 1 % of runs fail, and the error budget another 1 %: together 2 % may fail before the budget is spent. ' +
      'Slow runs do not count as failures: they have a budget of their own, because 5 % may take longer than 5.00 s.',
  );
  const strict = { ...all, burnRates: { ...all.burnRates, mayFailPct: 1 } };
  expect(plain(budgetWords({ ...strict, config: { ...config, errorBudgetPct: 0 } }))).toContain(
    'A target of 99 % without a budget on top lets 1 % of runs fail.',
  );
});

test('an alert with too few runs is not said to be all right', () => {
  const said = (state: string, runs: number): string =>
    burnWords({ state, long: { runs } } as Parameters<typeof burnWords>[0], 30);
  expect(said('ok', 30)).toBe('ok');
  expect(said('ok', 29)).toBe('too few runs to alert');
  expect(said('not_enough_data', 29)).toBe('too few runs to alert');
  expect(said('firing', 30)).toBe('firing');
  expect(said('out_of_reach', 3)).toBe('cannot fire');
});
