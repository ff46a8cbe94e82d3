import { expect, test } from 'vitest';
import type { ServiceLevel } from '@/api/workflow';
import { draftFrom, isPossible, textsOf } from './draft';

const CONFIG = {
  targetSuccessPct: 99.95,
  errorBudgetPct: 0,
  targetP95Ms: 5000,
  minimumRuns: 30,
  window: '28d',
} as ServiceLevel['config'];

test('the target in force is what the fields begin with, and reads back as it was', () => {
  expect(draftFrom(textsOf(CONFIG))).toEqual(CONFIG);
});

test('what is no number, or out of bounds, is no target', () => {
  const texts = textsOf(CONFIG);
  for (const patch of [
    { targetSuccessPct: '' },
    { targetSuccessPct: '0' },
    { targetSuccessPct: '100.1' },
    { errorBudgetPct: '-1' },
    { targetP95Ms: '0.5' },
    { targetP95Ms: '1.5' },
    { minimumRuns: 'many' },
    { window: '2d' },
  ]) {
    expect(draftFrom({ ...texts, ...patch }), JSON.stringify(patch)).toBeNull();
  }
  expect(draftFrom({ ...texts, targetSuccessPct: '100' })?.targetSuccessPct).toBe(100);
});

test('a field is wrong as soon as its value cannot become a target, and not while it is empty', () => {
  expect(
    ['', '99.9', '100', '100.1', '120', '0'].map((text) => isPossible('targetSuccessPct', text)),
  ).toEqual([true, true, true, false, false, false]);
  expect(['0', '100', '-1'].map((text) => isPossible('errorBudgetPct', text))).toEqual([
    true,
    true,
    false,
  ]);
  expect(['1', '1.5', '0'].map((text) => isPossible('targetP95Ms', text))).toEqual([
    true,
    false,
    false,
  ]);
  expect(isPossible('minimumRuns', '1000001')).toBe(false);
});
