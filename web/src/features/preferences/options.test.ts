import { expect, test } from 'vitest';
import type { SavedView } from '@/api/savedViews';
import { rangeChoices, startChoices, zoneChoices } from './options';

const values = (choices: { value: string }[]): string[] => choices.map(({ value }) => value);

test('what is preferred stays a choice, even if it is not on offer', () => {
  expect(values(rangeChoices('3d')).at(-1)).toBe('3d');
  expect(rangeChoices('3d').at(-1)?.label).toBe('Last 3 days');
  expect(values(zoneChoices('Mars/Olympus'))).toContain('Mars/Olympus');
  expect(values(startChoices([], 'view:gone')).at(-1)).toBe('view:gone');
  expect(values(rangeChoices('7d')).filter((value) => value === '7d')).toHaveLength(1);
});

test('every page of the navigation and every saved view can open first', () => {
  const view = { id: 'v1', name: 'Failed payments' } as SavedView;
  const choices = startChoices([view], null);
  expect(values(choices)).toEqual(
    expect.arrayContaining(['overview', 'executions', 'costs', 'view:v1']),
  );
  expect(choices.at(-1)?.label).toContain('Failed payments');
});
