import { expect, it, vi } from 'vitest';
import { compact, duration, durationTrimmed, exact, fixed, money, percent } from './format';

vi.mock('@/words/locale', () => ({ LOCALE: 'de' }));

it('figures are written as the language of the words writes them', () => {
  const plain = (text: string): string => text.replaceAll('\u00a0', ' ');
  expect([compact(1240), exact(12_431), fixed(0.5, 2), money(10.4)]).toEqual([
    '1,24k',
    '12.431',
    '0,50',
    '$10,40',
  ]);
  expect([percent(97.64), duration(1240), durationTrimmed(1500)].map(plain)).toEqual([
    '97,6 %',
    '1,24 s',
    '1,5 s',
  ]);
});
