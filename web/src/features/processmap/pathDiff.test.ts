import { describe, expect, it } from 'vitest';
import { randomFrom } from './layout/random.fixture';
import { againstUsual, type Line } from './pathDiff';

const path = (text: string) =>
  [...text].map((id) => ({ id, name: null, repeats: id === id.toUpperCase() ? 2 : 1 }));
const SIGNS = { same: '', added: '+', missing: '-', repeats: '*' };
const told = (lines: Line[]): string =>
  lines.map(({ step, mark }) => `${SIGNS[mark]}${step.id}`).join(' ');

describe('a path beside the usual one', () => {
  it('names what is left out, what is extra, and what repeats', () => {
    expect(told(againstUsual(path('abd'), path('abcd')))).toBe('a b -c d');
    expect(told(againstUsual(path('abxcd'), path('abcd')))).toBe('a b +x c d');
    expect(told(againstUsual(path('ab'), path('ab')))).toBe('a b');
    const twice = [{ id: 'a', name: null, repeats: 3 }];
    expect(told(againstUsual(twice, path('a')))).toBe('*a');
    expect(told(againstUsual(path('xy'), path('ab')))).toBe('-a -b +x +y');
  });

  it('gives both paths back, with no step different that need not be', () => {
    const random = randomFrom(11);
    const any = () =>
      path(Array.from({ length: random() * 9 }, () => 'abcd'[(random() * 4) | 0]).join(''));
    for (let round = 0; round < 200; round += 1) {
      const [one, usual] = [any(), any()];
      const lines = againstUsual(one, usual);
      const ids = (without: string) =>
        lines.flatMap(({ step, mark }) => (mark === without ? [] : step.id)).join('');
      expect(ids('missing')).toBe(one.map(({ id }) => id).join(''));
      expect(ids('added')).toBe(usual.map(({ id }) => id).join(''));
      const same = lines.filter(({ mark }) => mark === 'same').length;
      expect(same).toBe(
        longest(
          one.map(({ id }) => id),
          usual.map(({ id }) => id),
        ),
      );
    }
  });
});

/** The length of the longest common subsequence, by trying every choice. */
function longest(a: string[], b: string[]): number {
  const [first, ...rest] = a;
  if (first === undefined) return 0;
  const at = b.indexOf(first);
  return Math.max(longest(rest, b), at < 0 ? 0 : 1 + longest(rest, b.slice(at + 1)));
}
