import { expect, it } from 'vitest';
import { skewOf } from './clock';

const LOCAL = Date.parse('2026-11-22T12:00:00Z');

it('the clock follows a server whose time is another', () => {
  expect(skewOf('Sun, 22 Nov 2026 12:10:00 GMT', LOCAL)).toBe(600_500);
  expect(skewOf('Sun, 22 Nov 2026 11:00:00 GMT', LOCAL)).toBe(-3_599_500);
});

it('the clock stays as it is if they agree, or if the server does not say', () => {
  expect(skewOf('Sun, 22 Nov 2026 12:00:02 GMT', LOCAL)).toBe(0);
  expect(skewOf(null, LOCAL)).toBe(0);
  expect(skewOf('soon', LOCAL)).toBe(0);
});
