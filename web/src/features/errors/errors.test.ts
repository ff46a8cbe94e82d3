import { describe, expect, test } from 'vitest';
import type { View } from '../view';
import { errorFrame } from './frame';
import { trendBins } from './trend';

describe('a trend', () => {
  const HOUR = 3_600_000;
  const point = (hour: number, count: number) => ({
    time: new Date(hour * HOUR).toISOString(),
    count,
  });

  test('puts counts where they occurred, and loses none', () => {
    const range = { from: 0, to: 10 * 24 * HOUR };
    const day = (index: number, count: number) => point(24 * index, count);
    const sums = (points: { time: string; count: number }[]) => trendBins(points, range, range);
    expect(sums([day(0, 1), day(4, 2), day(9, 4)])).toEqual({
      values: [1, 0, 0, 0, 2, 0, 0, 0, 0, 4],
      openFrom: 10,
    });
    const cut = sums([day(-1, 1), day(11, 2)]).values;
    expect([cut[0], cut[9]]).toEqual([1, 2]);
  });

  test('is as level as what it counts', () => {
    for (const days of [2, 6, 7, 30, 60, 90]) {
      const step = days <= 7 ? 1 : 24;
      const counts = Array.from({ length: (days * 24) / step }, (_, at) => point(at * step, 1));
      const range = { from: 0, to: days * 24 * HOUR };
      const { values, openFrom } = trendBins(counts, range, range);
      expect(new Set(values.slice(0, openFrom)).size, `${days} days`).toBe(1);
      expect(values.length - openFrom, `${days} days`).toBeLessThanOrEqual(1);
    }
  });

  test('stays in its parts where days have 23 or 25 hours', () => {
    const range = { from: 0, to: 30 * 24 * HOUR - HOUR };
    const days = Array.from({ length: 30 }, (_, day) => point(24 * day - (day > 15 ? 1 : 0), 1));
    expect(new Set(trendBins(days, range, range).values)).toEqual(new Set([1]));
  });

  test('has gaps before the first event and after the present, and an open end', () => {
    const range = { from: 0, to: 10 * HOUR };
    const known = { from: 3 * HOUR, to: 7 * HOUR };
    const { values, openFrom } = trendBins([point(4, 2)], range, known);
    const whole = (index: number) => values[Math.floor((index / 10) * values.length)];
    expect([0, 2, 4, 6, 8, 9].map(whole)).toEqual([null, null, 2, 0, null, null]);
    expect(openFrom).toBe(0.7 * values.length);
  });

  test('of an empty range has no counts', () => {
    const range = { from: 5, to: 5 };
    expect(trendBins([], range, range).values).toEqual([null]);
  });
});

describe('the parameters of a request for errors', () => {
  const view = {
    env: 'production',
    zone: 'Europe/Amsterdam',
    workflows: ['orders'],
  } as unknown as View;

  test('are those of the view', () => {
    expect(errorFrame(view)).toEqual({
      environment: 'production',
      timezone: 'Europe/Amsterdam',
      workflowId: 'orders',
    });
  });

  test('name no workflow if several are chosen', () => {
    expect(errorFrame({ ...view, workflows: ['a', 'b'] }).workflowId).toBeUndefined();
  });
});
