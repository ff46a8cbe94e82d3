import { describe, expect, it } from 'vitest';
import { matching } from './OptionList';

const options = ['Order sync', 'Reorder', 'Sync orders', 'Paris'].map((label) => ({
  value: label,
  label,
}));
const found = (text: string) => matching(options, text).map(({ label }) => label);

describe('the options that match a text', () => {
  it('what begins with it comes first, then words that do, then the rest', () => {
    expect(found('ord')).toEqual(['Order sync', 'Sync orders', 'Reorder']);
  });

  it('every word counts, in any order', () => {
    expect(found('sync ord')).toEqual(['Sync orders', 'Order sync']);
    expect(found('rder re')).toEqual(['Reorder']);
    expect(found('nothing')).toEqual([]);
  });

  it('without a text all are there, as they are', () => {
    expect(found('  ')).toEqual(options.map(({ label }) => label));
  });
});
