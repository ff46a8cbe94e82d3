import { describe, expect, it } from 'vitest';
import type { QueryResult, Row } from '@/api/types';
import { comparability } from './coverage';

const RANGE = { from: '2026-01-31T00:00:00Z', to: '2026-03-02T00:00:00Z' };

const rows = (withData: number, all = 30): Row[] =>
  Array.from({ length: all }, (_, index) => ({
    time: '',
    executions: 0,
    steps: index < withData ? 3 : 0,
    activities: 0,
  }));

function coverage(now: number, before: number): QueryResult {
  return {
    query: { range: RANGE, granularity: 'day', compare: 'previous_period' },
    rows: rows(now),
    comparison: rows(before),
  } as unknown as QueryResult;
}

describe('a period can be compared with', () => {
  it('if at least half as many of its days have data as of the present one', () => {
    expect(comparability(coverage(30, 15), RANGE)).toEqual({ possible: true });
    expect(comparability(coverage(30, 14), RANGE)).toMatchObject({ possible: false });
  });

  it('if the project was as quiet then as now', () => {
    expect(comparability(coverage(4, 2), RANGE)).toEqual({ possible: true });
  });

  it('if there is nothing now: that is a change', () => {
    expect(comparability(coverage(0, 30), RANGE)).toEqual({ possible: true });
  });

  it('only if it has any data', () => {
    expect(comparability(coverage(0, 0), RANGE)).toEqual({
      possible: false,
      reason: 'No comparison: the previous period has no data.',
    });
  });

  it('and otherwise the reason counts the days', () => {
    expect(comparability(coverage(30, 2), RANGE)).toEqual({
      possible: false,
      reason: 'No comparison: the previous period has data for 2 of 30 days.',
    });
  });
});

describe('nothing is said', () => {
  it('about another range than the one that was asked about', () => {
    expect(comparability(undefined, RANGE)).toBeUndefined();
    const other = { ...RANGE, to: '2026-03-03T00:00:00Z' };
    expect(comparability(coverage(30, 30), other)).toBeUndefined();
  });
});
