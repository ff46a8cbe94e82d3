import { describe, expect, test } from 'vitest';
import type { View } from '../view';
import { errorFrame } from './frame';
import { trendBins } from './trend';

describe('a trend', () => {
  const point = (hour: number, count: number) => ({
    time: new Date(hour * 3_600_000).toISOString(),
    count,
  });

  test('puts counts where they occurred, and loses none', () => {
    const hours = 10 * 3_600_000;
    expect(trendBins([point(0, 1), point(4, 2), point(5, 3), point(9, 4)], 0, hours, 5)).toEqual([
      1, 0, 5, 0, 4,
    ]);
    const cut = trendBins([point(-1, 1), point(11, 2)], 0, hours, 5);
    expect(cut.reduce((sum, count) => sum + count, 0)).toBe(3);
  });

  test('of an empty range is all zeros', () => {
    expect(trendBins([point(0, 1)], 5, 5, 2)).toEqual([0, 0]);
  });
});

describe('the parameters of a request for errors', () => {
  const view = {
    env: 'production',
    zone: 'Europe/Amsterdam',
    workflows: ['orders'],
    range: { kind: 'last', last: '7d' },
    bounds: { from: 0, to: 3_600_000 },
    now: 3_600_000,
  } as unknown as View;

  test('are those of the view', () => {
    expect(errorFrame(view, 'auth')).toEqual({
      environment: 'production',
      timezone: 'Europe/Amsterdam',
      workflowId: 'orders',
      errorClass: 'auth',
      last: '7d',
    });
  });

  test('include the newest event if the range is all data', () => {
    const frame = errorFrame({ ...view, range: { kind: 'all' } });
    expect(frame).toMatchObject({
      from: '1970-01-01T00:00:00.000Z',
      to: '1970-01-01T01:00:00.001Z',
    });
  });

  test('name no workflow if several are chosen', () => {
    expect(errorFrame({ ...view, workflows: ['a', 'b'] }).workflowId).toBeUndefined();
  });
});
