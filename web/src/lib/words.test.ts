import { describe, expect, test } from 'vitest';
import { agentLabel } from './userAgent';
import { isPseudonym } from './pseudonym';
import { passwordRule, SHORTEST_PASSWORD } from './password';
import { qrPath } from './qr';
import { waitLabel } from './wait';
import { parseList } from './list';

test('lists are split at commas and line ends, without repeats', () => {
  expect(parseList(' production, staging\n\nproduction ,')).toEqual(['production', 'staging']);
  expect(parseList('')).toEqual([]);
});

describe('waiting times', () => {
  test('are in a natural unit, and rounded up', () => {
    expect(waitLabel(1)).toBe('1 second');
    expect(waitLabel(75)).toBe('75 seconds');
    expect(waitLabel(91)).toBe('2 minutes');
    expect(waitLabel(3_601)).toBe('61 minutes');
    expect(waitLabel(7_000)).toBe('2 hours');
  });
});

describe('the password rule', () => {
  test('says how many characters are missing', () => {
    expect(passwordRule('').message).toContain(String(SHORTEST_PASSWORD));
    expect(passwordRule('a'.repeat(SHORTEST_PASSWORD - 1))).toMatchObject({ met: false });
    expect(passwordRule('a'.repeat(SHORTEST_PASSWORD)).met).toBe(true);
  });

  test('counts an emoji as one character', () => {
    expect(passwordRule('😀'.repeat(SHORTEST_PASSWORD - 1)).met).toBe(false);
  });
});

describe('browsers', () => {
  test.each([
    ['Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0', 'Firefox on Linux'],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
      'Safari on iPhone',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
      'Edge on Windows',
    ],
    [
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
      'Chrome on Android',
    ],
    [
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/142.0.0.0 Safari/537.36',
      'Chrome on Linux',
    ],
    ['curl/8.14.1', 'curl'],
    ['weir-import/0.1', 'weir-import'],
    [null, 'Unknown program'],
  ])('%s', (agent, expected) => {
    expect(agentLabel(agent)).toBe(expected);
  });
});

test('pseudonyms are recognised', () => {
  expect(isPseudonym('u_4f9a31c0d2b7')).toBe(true);
  expect(isPseudonym('u_1')).toBe(false);
  expect(isPseudonym('user-4f9a31c0d2b7')).toBe(false);
});

test('a QR code has its quiet zone and three finder patterns', () => {
  const { size, path } = qrPath('otpauth://totp/Weir:a?secret=JBSWY3DPEHPK3PXP');
  const dark = new Set(path.match(/M\d+ \d+/g));
  const finder = (x: number, y: number): boolean =>
    [0, 1, 2, 3, 4, 5, 6].every((at) => dark.has(`M${x + at} ${y}`) && dark.has(`M${x} ${y + at}`));
  expect(finder(4, 4)).toBe(true);
  expect(finder(size - 11, 4)).toBe(true);
  expect(finder(4, size - 11)).toBe(true);
  expect([...dark].some((cell) => /^M[0-3] |^M\d+ [0-3]$/.test(cell))).toBe(false);
});
