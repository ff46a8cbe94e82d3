import { describe, expect, it } from 'vitest';
import type { Row } from '@/api/types';
import { answerOf, FRAME } from '../answer.fixture';
import { blocksOf, cellAt, columnsOf, failed, heatRows, isBad, slowed } from './heat';
import { stretchesOf } from './BlockTable';
import { moved } from './place';
import { startsOf } from './useColumns';

const HOUR = 3_600_000;
const hour = (index: number): number => FRAME.bounds.from + index * HOUR;
const time = (index: number): string => new Date(hour(index)).toISOString();

const row = (index: number, connector: string, failures: number, runs: number): Row => ({
  time: time(index),
  step_type: connector,
  steps_failed: failures,
  steps_completed: runs - failures,
});

/** Six hours of a connector that was down for three of them, and another that was not. */
const OUTAGE = answerOf(
  [
    ...[0, 1, 0, 30, 28, 31].map((failures, index) => row(index, 'hubspot', failures, 32)),
    ...[0, 0, 1, 0, 0, 0].map((failures, index) => row(index, 'slack', failures, 40)),
  ],
  { granularity: 'hour' },
);

describe('a cell', () => {
  it('is never bad because of one run, or of a few', () => {
    for (let runs = 1; runs < 10; runs += 1) {
      expect(failed(runs, runs)).toMatchObject({ lower: null, level: 'few' });
    }
    expect(failed(10, 10).level).toBe(4);
  });

  it('is as bad as the lower bound of its share says, not the share', () => {
    // Wilson: 5 of 10 is at least 23.7 %.
    const { value, lower, level } = failed(5, 10);
    expect(value).toBe(0.5);
    expect(lower).toBeCloseTo(0.2366, 3);
    expect(level).toBe(2);
    expect(failed(500, 1000).level).toBe(3);
    expect(failed(540, 1000).level).toBe(4);
    expect(failed(0, 1000).level).toBe(0);
  });

  it('is slow only beyond what chance explains', () => {
    const of = (count: number, mean: number, deviation: number) => ({ count, mean, deviation });
    const sums = (...samples: ReturnType<typeof of>[]) =>
      samples.reduce(
        (all, { count, mean, deviation }) => ({
          count: all.count + count,
          sum: all.sum + count * mean,
          squares: all.squares + count * (deviation ** 2 + mean ** 2),
        }),
        { count: 0, sum: 0, squares: 0 },
      );
    const usual = of(1000, 100, 50);
    const slow = of(50, 600, 100);
    const found = slowed(slow, sums(usual, slow));
    expect(found.value).toBeCloseTo(6, 6);
    // Welch: 500 more, with a standard error of 14.2 and about 50 degrees of freedom: at least 471 more.
    expect(found.lower).toBeCloseTo(5.71, 2);
    expect(found.level).toBe(3);
    const noise = of(20, 150, 400);
    expect(slowed(noise, sums(usual, noise)).level).toBe(0);
    const rare = of(19, 900, 10);
    expect(slowed(rare, sums(usual, rare))).toMatchObject({ lower: null, level: 'few' });
    // Nothing to compare with: it ran in this bucket only.
    expect(slowed(slow, sums(slow))).toMatchObject({ value: null, level: 'few' });
  });
});

describe('the heatmap', () => {
  it('has the connector with the most failures first', () => {
    expect(heatRows(OUTAGE, 'failures').map(({ connector }) => connector)).toEqual([
      'hubspot',
      'slack',
    ]);
  });

  it('draws three hours of outage as one block', () => {
    const [hubspot] = heatRows(OUTAGE, 'failures');
    const bad = blocksOf(hubspot?.cells ?? []).filter(isBad);
    expect(bad).toHaveLength(1);
    expect(bad[0]).toMatchObject({ from: hour(3), until: hour(6), level: 4 });
  });

  it('does not join what is apart', () => {
    const rows = [0, 1, 3].map((index) => row(index, 'sap', 20, 20));
    const [sap] = heatRows(answerOf(rows, { granularity: 'hour' }), 'failures');
    expect(blocksOf(sap?.cells ?? []).map(({ from, until }) => [from, until])).toEqual([
      [hour(0), hour(2)],
      [hour(3), hour(4)],
    ]);
  });

  it('lists the same outage in its table, with the bound of all its runs', () => {
    const found = stretchesOf(heatRows(OUTAGE, 'failures'), 'failures');
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ connector: 'hubspot', from: hour(3), runs: 96 });
    expect(found[0]?.value).toBeCloseTo(89 / 96, 6);
    expect(found[0]?.lower).toBeCloseTo(0.857, 2);
  });

  it('knows what ran at an instant, and that nothing did', () => {
    const rows = [0, 2].map((index) => row(index, 'sap', 0, 20));
    const cells = heatRows(answerOf(rows, { granularity: 'hour' }), 'failures')[0]?.cells ?? [];
    expect(cellAt(cells, hour(0))?.from).toBe(hour(0));
    expect(cellAt(cells, hour(1) - 1)?.from).toBe(hour(0));
    expect(cellAt(cells, hour(1))).toBeUndefined();
    expect(cellAt(cells, hour(2) + 5)?.from).toBe(hour(2));
    expect(cellAt(cells, hour(9))).toBeUndefined();
  });

  it('has columns of hours up to 35 days, and as many as there are hours', () => {
    const days = (count: number) => ({ from: 0, to: count * 24 * HOUR });
    expect([1, 30, 35, 36, 800].map((count) => columnsOf(days(count)))).toEqual([
      'hour',
      'hour',
      'hour',
      'day',
      'week',
    ]);
    // The clocks go back: a day of 25 hours.
    const from = Date.parse('2026-10-24T22:00:00Z');
    const { starts, end } = startsOf({ from, to: from + 25 * HOUR }, 'hour', 'Europe/Amsterdam');
    expect(starts).toHaveLength(25);
    expect(end).toBe(from + 25 * HOUR);
    expect(startsOf({ from, to: from + 25 * HOUR }, 'day', 'Europe/Amsterdam').starts).toEqual([
      from,
    ]);
  });

  it('has a cursor that stays inside', () => {
    expect(moved({ row: 0, at: 5 }, 'ArrowUp', 3, 10)).toEqual({ row: 0, at: 5 });
    expect(moved({ row: 0, at: 5 }, 'ArrowDown', 3, 10)).toEqual({ row: 1, at: 5 });
    expect(moved({ row: 2, at: 9 }, 'ArrowRight', 3, 10)).toEqual({ row: 2, at: 9 });
    expect(moved({ row: 2, at: 9 }, 'Home', 3, 10)).toEqual({ row: 2, at: 0 });
    expect(moved({ row: 2, at: 9 }, 'PageUp', 3, 100)).toEqual({ row: 2, at: 0 });
  });
});
