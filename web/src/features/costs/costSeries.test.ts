import { expect, test } from 'vitest';
import type { Row } from '@/api/types';
import type { Answer } from '@/lib/answer';
import { costSeries } from './costSeries';

const NAMES = { none: 'No model', other: (groups: number) => `Others (${groups})` };
const [MON, TUE] = ['2026-11-23T00:00:00Z', '2026-11-24T00:00:00Z'];

function answer(rows: Row[], other?: Row[]): Answer {
  const range = { from: MON, to: '2026-11-25T00:00:00Z' };
  return {
    rows,
    other: other && { rows: other },
    labels: {},
    query: { range, granularity: 'day' },
    meta: { completeness: { completeUntil: null, gaps: [] } },
    frame: {
      zone: 'UTC',
      granularity: 'day',
      bounds: { from: Date.parse(range.from), to: Date.parse(range.to) },
      extent: { first: 0, newest: Date.parse(range.to) },
    },
    at: Date.parse(range.to),
  } as unknown as Answer;
}

test('parts are stacked by day, the largest first, and what is left out is their sum', () => {
  const data = costSeries(
    answer(
      [
        { time: MON, model: 'small', cost: 1 },
        { time: TUE, model: 'small', cost: 2 },
        { time: TUE, model: 'large', cost: 9 },
        { time: MON, model: null, cost: 0.5 },
      ],
      [{ time: TUE, groups: 3, cost: 4 }],
    ),
    'model',
    NAMES,
  );
  expect(data.starts).toEqual([Date.parse(MON), Date.parse(TUE)]);
  expect(data.series.map(({ label, values }) => [label, values])).toEqual([
    ['large', [0, 9]],
    ['small', [1, 2]],
    ['No model', [0.5, 0]],
    ['Others (3)', [0, 4]],
  ]);
});

test('nothing spent is no series', () => {
  expect(costSeries(answer([]), 'model', NAMES).series).toEqual([]);
});

test('days without costs have their place between those with costs', () => {
  const wednesday = '2026-11-25T00:00:00Z';
  const whole = answer([{ time: TUE, model: 'small', cost: 2 }]);
  whole.frame.bounds.to = Date.parse('2026-11-26T00:00:00Z');
  whole.at = Date.parse('2026-11-25T12:00:00Z');
  const data = costSeries(whole, 'model', NAMES);
  expect(data.starts).toEqual([MON, TUE, wednesday].map((time) => Date.parse(time)));
  expect(data.series[0]?.values).toEqual([0, 2, 0]);
});
