import { expect, test } from 'vitest';
import { daysOf, outcomesOf, previewChart, tallyOf, type Day, type Draft } from './preview';
import { proposedP95, proposedSuccess } from './proposal';

const DAY = 86_400_000;
const START = Date.parse('2026-08-01T00:00:00Z');
const TARGET: Draft = {
  targetSuccessPct: 99,
  errorBudgetPct: 1,
  targetP95Ms: 5000,
  minimumRuns: 10,
  window: '7d',
};

/** A day of runs; all of them have a duration. */
const day = (at: number, runs: number, failed: number, slow = 0, p95Ms = 1000): Day => ({
  start: START + at * DAY,
  runs,
  failed,
  timed: runs,
  inTime: runs - slow,
  p95Ms: runs > 0 ? p95Ms : null,
});

const days = (count: number, of: (at: number) => Day): Day[] =>
  Array.from({ length: count }, (_, at) => of(at));

test('the days of an answer count crashed runs as failed, and only runs that ended', () => {
  const rows = [
    {
      time: '2026-08-01T00:00:00Z',
      completed: 90,
      failed: 7,
      crashed: 3,
      durations: 95,
      durations_within: 80,
      duration_p95: 7200,
    },
  ];
  expect(daysOf({ rows })).toEqual([
    { start: START, runs: 100, failed: 10, timed: 95, inTime: 80, p95Ms: 7200 },
  ]);
});

test('a window is the sum of its days, and a target of 99 % with a budget of 1 % lets 2 % fail', () => {
  const past = days(119, (at) => day(at, 100, at === 118 ? 14 : 0, at === 118 ? 70 : 0));
  const outcomes = outcomesOf(past, TARGET);
  expect(outcomes).toHaveLength(90);
  // 14 of 700 failed, 2 % may; 70 of 700 were slow, 5 % may.
  expect(outcomes.at(-1)).toEqual({
    lastDay: START + 118 * DAY,
    runs: 700,
    timed: 700,
    successPct: 98,
    spentPct: 100,
    slowSpentPct: 200,
    inTimePct: 90,
  });
  expect(outcomes.at(-2)).toMatchObject({ successPct: 100, spentPct: 0, slowSpentPct: 0 });
});

test('the first window shown has all of its days, even the longest', () => {
  const past = days(119, (at) => day(at, 1, 0));
  expect(outcomesOf(past, { ...TARGET, window: '30d' })[0]?.runs).toBe(30);
  expect(outcomesOf(past, { ...TARGET, window: '1d' })[0]?.runs).toBe(1);
});

test('without runs nothing is known, and without a budget a failure spends no share of it', () => {
  const none = outcomesOf([day(0, 0, 0)], TARGET)[0];
  expect([none?.successPct, none?.spentPct, none?.inTimePct]).toEqual([null, null, null]);
  const strict = { ...TARGET, targetSuccessPct: 100, errorBudgetPct: 0 };
  expect(outcomesOf([day(0, 10, 1)], strict)[0]?.spentPct).toBeNull();
  expect(outcomesOf([day(0, 10, 0)], strict)[0]?.spentPct).toBe(0);
});

test('windows are counted as met or not only with enough runs', () => {
  const past = [day(0, 9, 9), day(1, 100, 1), day(2, 100, 3, 6), day(3, 0, 0), day(4, 100, 2, 5)];
  expect(tallyOf(outcomesOf(past, { ...TARGET, window: '1d' }), TARGET)).toEqual({
    windows: 4,
    met: 1,
    overspent: 1,
    tooSlow: 1,
    few: 1,
  });
});

test('a window with too few runs is a gap in the chart', () => {
  const daily: Draft = { ...TARGET, window: '1d' };
  const outcomes = outcomesOf([day(0, 9, 9), day(1, 100, 1, 5)], daily);
  const chart = previewChart(outcomes, daily, { zone: 'UTC', end: START + 2 * DAY, now: START });
  expect(chart.series.map(({ values }) => values)).toEqual([
    [null, 50],
    [null, 100],
  ]);
});

test('the strictest common target that nine of ten windows met is proposed', () => {
  const daily: Draft = { ...TARGET, window: '1d' };
  // Two of twenty days at 94 %, the others at 98 %.
  const past = days(20, (at) => day(at, 100, at < 2 ? 6 : 2));
  expect(proposedSuccess(past, daily)).toBe(98);
  const worse = days(20, (at) => day(at, 100, at < 3 ? 6 : 2));
  expect(proposedSuccess(worse, daily)).toBe(90);
});

test('the p95 that nine of ten days kept is proposed, rounded up', () => {
  const past = days(20, (at) => day(at, 100, 0, 0, 100 * at + 10));
  // The 18th of 20 values is 1,710.
  expect(proposedP95(past, TARGET)).toBe(1800);
});

test('with too little history nothing is proposed', () => {
  const few = days(13, (at) => day(at, 100, 0));
  expect([proposedSuccess(few, { ...TARGET, window: '1d' }), proposedP95(few, TARGET)]).toEqual([
    null,
    null,
  ]);
  const rare = days(50, (at) => day(at, 9, 0));
  expect(proposedSuccess(rare, { ...TARGET, window: '1d' })).toBeNull();
  expect(proposedP95(rare, TARGET)).toBeNull();
});
