import { expect, test } from 'vitest';
import { lateness } from './lateness';

const HOUR = 3_600_000;
const plain = (lag: number): string[] =>
  Object.values(lateness(lag)).map((text) => text.replaceAll('\u00a0', ' '));

test('a phone says in one unit how late data is, every other screen to the minute', () => {
  expect(plain(4 * 60_000)).toEqual(['Data late by 4 m', '4 m late']);
  expect(plain(2 * HOUR + 13 * 60_000)).toEqual(['Data late by 2 h 13 m', '2 h late']);
  expect(plain(52 * HOUR)).toEqual(['Data late by 2 d 4 h', '2 d late']);
  // Rounded to the minute first, so that the two agree.
  expect(plain(HOUR - 1)).toEqual(['Data late by 1 h', '1 h late']);
});
