import { describe, expect, it } from 'vitest';
import type { Asked } from '@/lib/answer';
import type { Part } from '../overview/Breakdown';
import { treeParts } from './CostTree';
import { costsOfPart } from './PartLink';
import { folded } from './tree';

const part = (name: string | null, value: number, groups = 1): Part => ({
  key: name ?? 'other',
  name,
  groups,
  value,
  before: null,
  share: value,
  row: {},
});

describe('costs as areas', () => {
  it('have at most so many parts by themselves, and the rest as one', () => {
    const parts = [part('a', 50), part('b', 30), part('c', 12), part(null, 8, 4)];
    const [first, second, rest, ...none] = folded(parts, 2);
    expect([first?.name, second?.name, none]).toEqual(['a', 'b', []]);
    expect(rest).toMatchObject({ name: null, groups: 5, value: 20, share: 20 });
    expect(folded(parts.slice(0, 3), 7)).toEqual(parts.slice(0, 3));
  });

  it('have the colours of the series over time, and grey for the rest', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];
    const parts = treeParts(names.map((name, index) => part(name, 20 - index)));
    expect(parts.map(({ token }) => token)).toEqual([
      ...[1, 2, 3, 4, 5, 6, 7].map((index) => `--series-${index}`),
      '--canceled',
    ]);
    expect(parts.at(-1)?.name).toBe('2 others');
    expect(parts.reduce((sum, { amount }) => sum + amount, 0)).toBe(
      names.reduce((sum, _, index) => sum + 20 - index, 0),
    );
  });
});

it('a part without a page of its own leads to its costs over time', () => {
  const frame = { granularity: 'day' } as Asked['frame'];
  expect(costsOfPart('quill', 'model', frame)).toMatchObject({
    dimensions: ['workflow'],
    filters: [{ dimension: 'model', op: 'in', values: ['quill'] }],
    granularity: 'day',
  });
  expect(costsOfPart('', 'workflow', frame)).toMatchObject({
    dimensions: ['model'],
    filters: [{ dimension: 'workflow', op: 'in', values: [null] }],
  });
});
