import { describe, expect, it } from 'vitest';
import { stretches } from './Hatching';
import {
  edgeOf,
  endOf,
  firstIncomplete,
  incomplete,
  indexAt,
  MARGIN,
  type ChartData,
} from './model';

const HOUR = 3_600_000;
const data = (completeUntil: number | null): ChartData => ({
  starts: [0, HOUR, 2 * HOUR],
  end: 3 * HOUR,
  granularity: 'hour',
  zone: 'UTC',
  unit: 'count',
  series: [],
  completeUntil,
  range: { from: 0, to: 3 * HOUR },
});

describe('completeness of buckets', () => {
  it('a bucket is incomplete if it ends after the time up to which all data has arrived', () => {
    expect(firstIncomplete(data(2 * HOUR))).toBe(2);
    expect(firstIncomplete(data(2 * HOUR - 1))).toBe(1);
    expect(firstIncomplete(data(3 * HOUR))).toBe(3);
    expect(firstIncomplete(data(null))).toBe(3);
  });

  it('a bucket that reaches beyond the range has only part of its figures', () => {
    const cut = { ...data(null), range: { from: HOUR / 2, to: 2.5 * HOUR } };
    expect([0, 1, 2].map((index) => incomplete(cut, index) !== null)).toEqual([true, false, true]);
    expect(stretches(cut)).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(firstIncomplete(cut)).toBe(2);
  });

  it('the last bucket ends where the range ends', () => {
    expect(endOf(data(null), 0)).toBe(HOUR);
    expect(endOf(data(null), 2)).toBe(3 * HOUR);
  });
});

describe('positions', () => {
  const width = MARGIN.left + MARGIN.right + 300;

  it('every bucket is found at its centre', () => {
    for (const index of [0, 1, 2]) {
      expect(indexAt(edgeOf(index + 0.5, width, 3), width, 3)).toBe(index);
    }
  });

  it('positions outside the plot belong to the nearest bucket', () => {
    expect(indexAt(0, width, 3)).toBe(0);
    expect(indexAt(width + 50, width, 3)).toBe(2);
  });
});
