import { expect, test } from 'vitest';
import type { DocumentReport, QueueReport } from '@/api/reliability';
import type { ServiceLevel } from '@/api/workflow';
import type { Asked } from '@/lib/answer';
import { runsOutWords, scaleFrom, soonestFirst, standing, type Objective } from './objectives';
import { documentSeries, queueSeries, waitSeries } from './series';

const HOUR = 3_600_000;
const START = Date.parse('2026-11-27T00:00:00Z');

/** An objective with this much of its budget spent, which is being spent at this rate. */
function objective(
  name: string,
  spent: number | null,
  burnRate: number,
  verdict = 'uncertain',
  lowerPct = 97,
): Objective {
  return {
    workflowId: name,
    name,
    report: {
      current: { errorBudgetBurnPct: spent, verdict, bounds: { lowerPct } },
      config: { minimumRuns: 30, targetSuccessPct: 99 },
      burnRates: {
        period: '7d',
        alerts: [{ objective: 'success', long: { window: '3d', runs: 100, burnRate } }],
      },
    } as unknown as ServiceLevel,
  };
}

test('the objective that runs out first is on top, those with too few runs at the end', () => {
  const list = [
    objective('unknown', null, 0, 'no_data'),
    objective('few', 400, 9, 'not_enough_data'),
    objective('idle, half', 50, 0),
    objective('idle, whole', 0, 0),
    objective('slow', 10, 1),
    objective('fast', 10, 9),
    objective('spent', 120, 1),
    objective('overspent', 300, 0),
  ];
  expect(soonestFirst(list).map(({ name }) => name)).toEqual([
    'overspent',
    'spent',
    'fast',
    'slow',
    'idle, half',
    'idle, whole',
    'unknown',
    'few',
  ]);
});

test('when a budget runs out is said in words', () => {
  const said = (of: Objective): string => runsOutWords(of.report).replaceAll('\u00a0', ' ');
  expect(said(objective('', 300, 2))).toBe('spent 3.0 ×');
  expect(said(objective('', 0, 7))).toBe('in 1 d');
  expect(said(objective('', 50, 0))).toBe('not at this pace');
  expect(said(objective('', 300, 2, 'not_enough_data'))).toBe('too few runs');
});

test('objectives are missed only for certain, and too few runs are counted apart', () => {
  const list = [
    objective('a', 120, 1, 'violated'),
    objective('b', 120, 1, 'uncertain'),
    objective('c', 120, 1, 'not_enough_data'),
    objective('d', null, 0, 'no_data'),
  ];
  expect(standing(list)).toEqual({ missed: 1, few: 2 });
});

test('the scale has room for every whisker that says something', () => {
  expect(scaleFrom([])).toBe(98);
  expect(scaleFrom([objective('', 1, 1, 'met', 96.4)])).toBe(96);
  expect(scaleFrom([objective('', 1, 1, 'not_enough_data', 3)])).toBe(98);
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
