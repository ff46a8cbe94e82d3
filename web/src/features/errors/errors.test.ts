import { describe, expect, test } from 'vitest';
import type { View } from '../view';
import { errorFrame } from './frame';
import { trendBins } from './trend';

describe('a trend', () => {
  const point = (hour: number, count: number) => ({
    time: new Date(hour * 3_600_000).toISOString(),
    count,
  });

  test('puts counts where they happened, and loses none', () => {
    const hours = 10 * 3_600_000;
    expect(trendBins([point(0, 1), point(4, 2), point(5, 3), point(9, 4)], 0, hours, 5)).toEqual([
      1, 0, 5, 0, 4,
    ]);
    const cut = trendBins([point(-1, 1), point(11, 2)], 0, hours, 5);
    expect(cut.reduce((sum, count) => sum + count, 0)).toBe(3);
  });

  test('of no time is empty', () => {
    expect(trendBins([point(0, 1)], 5, 5, 2)).toEqual([0, 0]);
  });
});

describe('what is asked about errors', () => {
  const view = {
    env: 'production',
    zone: 'Europe/Amsterdam',
    workflows: ['orders'],
    range: { kind: 'last', last: '7d' },
    bounds: { from: 0, to: 3_600_000 },
    now: 3_600_000,
  } as unknown as View;

  test('is what the view shows', () => {
    expect(errorFrame(view, 'auth')).toEqual({
      environment: 'production',
      timezone: 'Europe/Amsterdam',
      workflowId: 'orders',
      errorClass: 'auth',
      last: '7d',
    });
  });

  test('of all data includes the newest event', () => {
    const frame = errorFrame({ ...view, range: { kind: 'all' } });
    expect(frame).toMatchObject({
      from: '1970-01-01T00:00:00.000Z',
      to: '1970-01-01T01:00:00.001Z',
    });
  });

  test('of several workflows is asked of all', () => {
    expect(errorFrame({ ...view, workflows: ['a', 'b'] }).workflowId).toBeUndefined();
  });
});
