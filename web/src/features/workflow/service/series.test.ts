import { expect, test } from 'vitest';
import type { ServiceSeries } from '@/api/workflow';
import type { Asked } from '@/lib/answer';
import type { View } from '../../view';
import { budgetLeftOver, failureRate, viewOf } from './series';

const HOUR = 3_600_000;
const START = Date.parse('2026-11-27T00:00:00Z');

/** Hours of runs as [runs, failed], asked for in the middle of the last but one. */
function answer(hours: [number, number][]): ServiceSeries & Asked {
  return {
    bucket: '1h',
    window: '1d',
    range: {
      from: new Date(START).toISOString(),
      to: new Date(START + hours.length * HOUR).toISOString(),
    },
    timeseries: hours.map(([runsCount, runsError], at) => ({
      timestamp: new Date(START + at * HOUR).toISOString(),
      runsCount,
      runsError,
    })),
    frame: { zone: 'UTC' },
    at: START + (hours.length - 1.5) * HOUR,
  } as unknown as ServiceSeries & Asked;
}

test('the failure rate is per bucket, and a bucket without runs is a gap', () => {
  const { series } = failureRate(
    answer([
      [10, 1],
      [0, 0],
      [4, 4],
    ]),
    2,
  );
  expect(series[0]?.values).toEqual([10, null, 100]);
  expect(series[1]?.values).toEqual([2, 2, 2]);
});

test('the budget burns down over the window, below zero if it must, and nothing is known about hours to come', () => {
  const { series, thresholds } = budgetLeftOver(
    answer([
      [10, 1],
      [10, 3],
      [9, 8],
      [0, 0],
    ]),
    { allowedFailures: 8 },
  );
  expect(series[0]?.values).toEqual([87.5, 50, -50, null]);
  expect(thresholds?.map(({ value }) => value)).toEqual([0]);
});

test('without a budget there is no share of it', () => {
  const { series } = budgetLeftOver(answer([[10, 1]]), { allowedFailures: 0 });
  expect(series[0]?.values).toEqual([null]);
});

test('what stands at the charts is of their window, not of the range of the page', () => {
  const page = { granularity: 'day', relative: true, zone: 'UTC' } as View;
  const { bounds, range, granularity, relative, zone } = viewOf(page, answer([[10, 1]]));
  expect(bounds).toEqual({ from: START, to: START + HOUR });
  expect(range).toEqual({ kind: 'absolute', ...bounds });
  expect([granularity, relative, zone]).toEqual(['hour', false, 'UTC']);
});
