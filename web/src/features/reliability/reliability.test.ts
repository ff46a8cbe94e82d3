import { expect, test } from 'vitest';
import type { DocumentReport, Objective, QueueReport } from '@/api/reliability';
import type { Asked } from '@/lib/answer';
import { nameOf, runsOutWords, scaleFrom, standing } from './objectives';
import { documentSeries, queueSeries, waitSeries } from './series';

const HOUR = 3_600_000;
const START = Date.parse('2026-11-27T00:00:00Z');

/** An objective with this much of its budget spent, which lasts for this many days. */
const objective = (
  spent: number | null,
  daysLeft: number | null,
  verdict = 'uncertain',
  lowerPct = 97,
): Objective =>
  ({
    current: {
      errorBudgetBurnPct: spent,
      verdict,
      bounds: { lowerPct },
      latency: { verdict: 'met' },
    },
    config: { minimumRuns: 30, targetSuccessPct: 99 },
    daysLeft,
  }) as unknown as Objective;

test('when a budget runs out is said in words', () => {
  const said = (of: Objective): string => runsOutWords(of).replaceAll('\u00a0', ' ');
  expect(said(objective(300, 0))).toBe('spent 3.0 ×');
  expect(said(objective(0, 1))).toBe('in 1 d');
  expect(said(objective(50, null))).toBe('not at this pace');
  expect(said(objective(300, null, 'not_enough_data'))).toBe('too few runs');
});

test('an objective is called by its workflow', () => {
  expect(nameOf({ ...objective(0, 1), workflowId: null })).toBe('Whole project');
  expect(nameOf({ ...objective(0, 1), workflowId: 'w', workflowName: 'Orders' })).toBe('Orders');
  expect(nameOf({ ...objective(0, 1), workflowId: 'w', workflowName: null })).toBe('w');
});

test('objectives are missed only for certain, and too few runs are counted apart', () => {
  const list = [
    objective(120, 0, 'violated'),
    objective(120, 0, 'uncertain'),
    objective(120, null, 'not_enough_data'),
    objective(null, null, 'no_data'),
  ];
  expect(standing(list)).toEqual({ missed: 1, few: 2 });
  const slow = objective(20, null, 'met');
  const late = { ...slow.current.latency, verdict: 'violated' as const };
  expect(standing([{ ...slow, current: { ...slow.current, latency: late } }]).missed).toBe(1);
});

test('the scale has room for every whisker that says something', () => {
  expect(scaleFrom([])).toBe(98);
  expect(scaleFrom([objective(1, 9, 'met', 96.4)])).toBe(96);
  expect(scaleFrom([objective(1, null, 'not_enough_data', 3)])).toBe(98);
});

/** A report of two hours that have begun and one that has not. */
function asked<Point extends object>(points: Point[]): object {
  return {
    window: {
      from: new Date(START).toISOString(),
      to: new Date(START + points.length * HOUR).toISOString(),
      bucket: 'hour',
    },
    timeseries: points.map((point, index) => ({
      timestamp: new Date(START + index * HOUR).toISOString(),
      ...point,
    })),
    frame: { zone: 'UTC' },
    at: START + (points.length - 1) * HOUR - 1,
  };
}

test('nothing is drawn for hours that have not begun', () => {
  const report = asked([
    { success: 3, failed: 1 },
    { success: 0, failed: 0 },
    { success: 0, failed: 0 },
  ]) as DocumentReport & Asked;
  const { series, end } = documentSeries(report);
  expect(series.map(({ values }) => values)).toEqual([
    [3, 0, null],
    [1, 0, null],
  ]);
  expect(end).toBe(START + 3 * HOUR);
});

test('waits without any are gaps, and the depth has an axis of its own', () => {
  const report = asked([
    { enqueued: 5, dequeued: 3, depth: 2, waitP50Ms: 10, waitP95Ms: 20, waitP99Ms: 30 },
    { enqueued: 0, dequeued: 0, depth: 2, waitP50Ms: null, waitP95Ms: null, waitP99Ms: null },
    { enqueued: 0, dequeued: 0, depth: 2 },
  ]) as QueueReport & Asked;
  expect(queueSeries(report).series.map(({ axis, values }) => [axis, values])).toEqual([
    [undefined, [5, 0, null]],
    [undefined, [3, 0, null]],
    ['right', [2, 2, null]],
  ]);
  expect(waitSeries(report).series.map(({ values }) => values)).toEqual([
    [10, null, null],
    [20, null, null],
    [30, null, null],
  ]);
});
