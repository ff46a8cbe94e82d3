import { describe, expect, it } from 'vitest';
import type { Price } from '@/api/settings';
import { priceFrom, standing, withoutPrice, withPrice } from './book';
import { signed } from './Effect';

const price = (id: string, day: string, more: Partial<Price> = {}): Price => ({
  id,
  provider: 'press',
  model: 'quill',
  effectiveFrom: `${day}T00:00:00Z`,
  inputPerMillion: 3,
  tiers: [],
  currency: 'USD',
  ...more,
});

const OLD = price('1', '2026-01-01');
const NEW = price('2', '2026-06-01');
const NEXT = price('3', '2027-01-01');
const OTHER = price('4', '2026-03-01', { model: null });
const BOOK = [OLD, NEW, NEXT, OTHER];
const NOW = Date.parse('2026-07-01T00:00:00Z');

describe('a price', () => {
  it('is in force until the next of its model', () => {
    expect(BOOK.map((one) => standing(one, BOOK, NOW).state)).toEqual([
      'past',
      'current',
      'coming',
      'current',
    ]);
    expect(standing(NEW, BOOK, NOW).until).toBe(Date.parse('2027-01-01T00:00:00Z'));
    expect(standing(OTHER, BOOK, NOW).until).toBeNull();
    // On the day itself, it has begun.
    expect(standing(NEXT, BOOK, Date.parse('2027-01-01T00:00:00Z')).state).toBe('current');
  });

  it('takes the place of the one that it changes, or is added', () => {
    const changed = { ...NEW, inputPerMillion: 4 };
    expect(withPrice(BOOK, changed, '2')).toEqual([OLD, changed, NEXT, OTHER]);
    const fresh = { provider: 'press', effectiveFrom: '2026-08-01T00:00:00Z', perCall: 1 };
    expect(withPrice(BOOK, fresh, undefined)).toEqual([...BOOK, fresh]);
    expect(withoutPrice(BOOK, '3')).toEqual([OLD, NEW, OTHER]);
  });
});

describe('the form of a price', () => {
  const values = (typed: Record<string, string>) => ({ text: (name: string) => typed[name] ?? '' });
  const typed = { provider: 'press', model: '', from: '2026-08-01', inputPerMillion: '2.5' };

  it('says a price once it has a provider, a day and a rate', () => {
    expect(priceFrom(values(typed), {}, 'Europe/Berlin')).toMatchObject({
      provider: 'press',
      model: null,
      effectiveFrom: '2026-07-31T22:00:00.000Z',
      inputPerMillion: 2.5,
      outputPerMillion: null,
    });
    for (const name of ['provider', 'from', 'inputPerMillion']) {
      expect(priceFrom(values({ ...typed, [name]: '' }), {}, 'UTC'), name).toBeNull();
    }
  });

  it('keeps what it does not show, and the time of a day that is not changed', () => {
    const before = {
      ...NEW,
      effectiveFrom: '2026-08-01T09:30:00Z',
      currency: 'EUR',
      tiers: [{ abovePromptTokens: 1000, inputPerMillion: 6 }],
    };
    expect(priceFrom(values(typed), before, 'UTC')).toMatchObject({
      id: '2',
      effectiveFrom: '2026-08-01T09:30:00Z',
      currency: 'EUR',
      tiers: [{ abovePromptTokens: 1000, inputPerMillion: 6 }],
    });
  });
});

it('a change of money has its sign', () => {
  expect([signed(3.2), signed(-3.2), signed(0)]).toEqual(['+$3.20', '\u2212$3.20', '+$0']);
});
