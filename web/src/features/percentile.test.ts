import { isValidElement } from 'react';
import { expect, test } from 'vitest';
import { FEWEST } from '@/lib/chance';
import { knownPercentile, percentileColumn, percentileWords } from './percentile';

test('a percentile of too few runs is not told, and one of enough says of how many', () => {
  const few = percentileWords(4790, FEWEST - 1);
  expect(isValidElement(few.value)).toBe(true);
  expect(few.exact).toContain('19 runs');
  expect(few.exact).not.toContain('4');
  const enough = percentileWords(4790, FEWEST);
  expect(enough.value).toBe('4.79\u00a0s');
  expect(enough.exact).toBe('4,790\u00a0ms, of 20 runs');
});

test('steps with too few runs are not sorted among those whose percentile is known', () => {
  const { sortBy } = percentileColumn<'p95', { p95: number | null; timed: number }>(
    'p95',
    'p95',
    ({ timed }) => timed,
  );
  expect(sortBy?.({ p95: 9_000_000, timed: 1 })).toBeNull();
  expect(sortBy?.({ p95: 100, timed: 500 })).toBe(100);
  expect(knownPercentile(undefined, 500)).toBeNull();
});
