import { beforeEach, expect, test, vi } from 'vitest';
import { dismiss, dismissedIds } from './dismissed';

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => kept.set(key, text),
  });
});

test('what was dismissed is remembered by its id, the newest twenty', () => {
  expect(dismissedIds()).toEqual([]);
  dismiss('a');
  dismiss('b');
  expect(dismiss('a')).toEqual(['b', 'a']);
  expect(dismissedIds()).toEqual(['b', 'a']);
  for (let id = 0; id < 25; id += 1) dismiss(String(id));
  expect(dismissedIds()).toHaveLength(20);
  expect(dismissedIds().at(-1)).toBe('24');
});

test('where storage is blocked, it is dismissed as long as the page is open', () => {
  vi.stubGlobal('localStorage', undefined);
  expect(dismiss('a')).toEqual(['a']);
  expect(dismissedIds()).toEqual([]);
});
