import { expect, test } from 'vitest';
import type { Answer } from '@/lib/answer';
import { headlineOf, seriesOf } from './useBoard';

const answer = (compare: string | undefined): Answer =>
  ({
    rows: [{ time: '2026-11-26T00:00:00Z', executions: 3 }],
    comparison: [{ time: '2026-11-25T00:00:00Z', executions: 2 }],
    totals: { rows: [{ executions: 3 }], comparison: [{ executions: 2 }] },
    query: { granularity: 'day', compare: compare ?? 'previous_period' },
    frame: { compare },
  }) as unknown as Answer;

test('the figures are the totals of the answer that the charts draw', () => {
  const headline = headlineOf(answer(undefined));
  expect(headline.rows).toEqual([{ executions: 3 }]);
  expect(headline.comparison).toEqual([{ executions: 2 }]);
  expect(headline.query.granularity).toBeNull();
});

test('charts draw a comparison only if the reader has chosen one', () => {
  expect(seriesOf(answer(undefined)).comparison).toBeUndefined();
  expect(seriesOf(answer('previous_year')).comparison).toHaveLength(1);
  expect(headlineOf(answer(undefined)).comparison).toHaveLength(1);
});
