import { expect, test } from 'vitest';
import type { SavedView } from '@/api/savedViews';
import { inOrder, withText } from './order';

const view = (name: string, shared: boolean, author = 'ada@example.com'): SavedView => ({
  id: name,
  name,
  shared,
  author,
  page: { path: ['errors'] },
  revision: 1,
  createdAt: '2026-11-01T00:00:00Z',
  updatedAt: '2026-11-01T00:00:00Z',
});

test('a person’s own views come first, and each group is in the order of its names', () => {
  const views = [view('b', true), view('Week 10', false), view('A', true), view('week 9', false)];
  expect(inOrder(views).map(({ name }) => name)).toEqual(['week 9', 'Week 10', 'A', 'b']);
});

test('views are found by words of their name and by who saved them', () => {
  const views = [view('Failed payments', true, 'grace@example.com'), view('Payments', false)];
  const found = (text: string): string[] => withText(views, text).map(({ name }) => name);
  expect(found('payments failed')).toEqual(['Failed payments']);
  expect(found('GRACE')).toEqual(['Failed payments']);
  expect(found(' ')).toHaveLength(2);
  expect(found('refunds')).toEqual([]);
});
