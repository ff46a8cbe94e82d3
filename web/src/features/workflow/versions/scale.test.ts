import { expect, test } from 'vitest';
import { aroundRates, fromZero } from './scale';

const of = (value: number, by: number) => ({ value, lower: value - by, upper: value + by });

test('durations are drawn from 0', () => {
  expect(fromZero([of(10, 2), null, of(30, 5)])).toEqual({ from: 0, to: 35 });
  expect(fromZero([null])).toEqual({ from: 0, to: 0 });
});

test('rates are drawn around their bounds, but within 0 to 100', () => {
  expect(aroundRates([of(97, 1), of(93, 2)])).toEqual({ from: 85, to: 100 });
  expect(aroundRates([of(2, 2)])).toEqual({ from: 0, to: 100 });
  expect(aroundRates([])).toEqual({ from: 95, to: 100 });
});
