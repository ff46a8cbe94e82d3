import type { Price, PriceInput } from '@/api/settings';
import type { Values } from '@/components/form/values';
import { dayAt, startOf } from './days';

/** The rates of a price, or of one of its tiers. */
export interface Rates {
  inputPerMillion?: number | null;
  outputPerMillion?: number | null;
  cacheReadPerMillion?: number | null;
  cacheWritePerMillion?: number | null;
  reasoningPerMillion?: number | null;
}

export type Rate = keyof Rates;

/** The rates in their order, and whether each is hidden on narrow screens. */
export const RATES: [Rate, boolean][] = [
  ['inputPerMillion', false],
  ['outputPerMillion', false],
  ['cacheReadPerMillion', true],
  ['cacheWritePerMillion', true],
  ['reasoningPerMillion', true],
];

type Of = Pick<Price, 'provider' | 'model' | 'effectiveFrom'>;

const sameModel = (a: Of, b: Of): boolean =>
  a.provider === b.provider && (a.model ?? null) === (b.model ?? null);

/** When a price begins or began, and ends or ended (epoch milliseconds); null while no other follows it. */
export function standing(
  price: Of,
  prices: Of[],
  now: number,
): { state: 'past' | 'current' | 'coming'; from: number; until: number | null } {
  const from = Date.parse(price.effectiveFrom);
  const later = prices
    .filter((other) => sameModel(price, other))
    .map(({ effectiveFrom }) => Date.parse(effectiveFrom))
    .filter((start) => start > from);
  const until = later.length > 0 ? Math.min(...later) : null;
  if (from > now) return { state: 'coming', from, until };
  return { state: until !== null && until <= now ? 'past' : 'current', from, until };
}

/** The list with a price added, or in the place of the one that has an id. */
export function withPrice(
  prices: Price[],
  changed: PriceInput,
  id: string | undefined,
): PriceInput[] {
  const place = prices.findIndex((price) => price.id === id);
  return place < 0 ? [...prices, changed] : (prices as PriceInput[]).with(place, changed);
}

/** The list without a price. */
export const withoutPrice = (prices: Price[], id: string): PriceInput[] =>
  prices.filter((price) => price.id !== id);

const NUMBERS = [...RATES.map(([rate]) => rate), 'perCall', 'perUnit'] as const;

/** A price that is being written: what it has so far. */
export type Draft = Partial<PriceInput>;

/** The rate that a field has; null if it has none. */
function rateOf(text: string): number | null {
  const rate = Number(text.replace(',', '.'));
  return text !== '' && Number.isFinite(rate) && rate >= 0 ? rate : null;
}

/**
 * The price that a form describes; null while a part that it needs is missing. What the form does not show, such as
 * tiers, stays as it was.
 */
export function priceFrom(
  values: Pick<Values, 'text'>,
  before: Draft,
  zone: string,
): PriceInput | null {
  const provider = values.text('provider');
  const day = values.text('from');
  const unchanged = before.effectiveFrom !== undefined && dayAt(before.effectiveFrom, zone) === day;
  const effectiveFrom = unchanged ? before.effectiveFrom : startOf(day, zone);
  const rates = Object.fromEntries(NUMBERS.map((name) => [name, rateOf(values.text(name))]));
  if (provider === '' || !effectiveFrom || Object.values(rates).every((rate) => rate === null)) {
    return null;
  }
  return {
    ...before,
    ...rates,
    provider,
    model: values.text('model') || null,
    unit: values.text('unit') || null,
    effectiveFrom,
  };
}
