import { describe, expect, it } from 'vitest';
import type { ComparedRow } from '@/api/executions';
import { axisOf, rowsToShow } from './rows';

const side = (offset: number, duration: number | null) => ({
  occurrence: 1,
  offset,
  duration,
  waitDuration: 0,
  status: 'completed',
  attempts: 1,
  cost: null,
});

const row = (id: string, rank: number, rest: Partial<ComparedRow>): ComparedRow => ({
  step: { id, name: null, type: null },
  occurrence: 1,
  a: null,
  b: null,
  difference: null,
  kind: 'same',
  rank,
  counterpart: null,
  ...rest,
});

const rows = [
  row('first', 3, { a: side(0, 10), b: side(0, 10) }),
  row('second', 2, { a: side(10, 10), b: side(10, 40), kind: 'slower' }),
  row('third', 1, { b: side(50, 25), kind: 'only_b' }),
];
const idsOf = (shown: ComparedRow[]): string[] => shown.map(({ step }) => step.id);

describe('the rows of a comparison', () => {
  it('show what differs most first, without what does not differ', () => {
    expect(idsOf(rowsToShow(rows, 'importance', false))).toEqual(['third', 'second']);
  });

  it('show every step in its order on request', () => {
    expect(idsOf(rowsToShow(rows, 'time', true))).toEqual(['first', 'second', 'third']);
  });

  it('share one axis that holds both executions', () => {
    expect(axisOf(rows, [20, null])).toEqual({ start: 0, end: 75 });
    expect(axisOf([], [20, 90])).toEqual({ start: 0, end: 90 });
  });
});
