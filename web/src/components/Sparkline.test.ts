import { expect, test } from 'vitest';
import { pathOf } from './Sparkline';

const moves = (path: string): number => path.split('M').length - 1;

test('gaps stay gaps', () => {
  expect(moves(pathOf([1, 2, 3], 3))).toBe(1);
  expect(moves(pathOf([1, null, 3], 3))).toBe(2);
  expect(pathOf([null, null], 1)).toBe('');
});

test('the open end continues where the line stops', () => {
  const values = [1, 2, 3, 1];
  const line = pathOf(values, 3, 0, 3);
  const open = pathOf(values, 3, 2);
  expect(line.endsWith(open.slice(1).split('L')[0] ?? '?')).toBe(true);
});
