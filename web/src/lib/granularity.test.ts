import { describe, expect, it } from 'vitest';
import {
  autoGranularity,
  bucketEnd,
  bucketName,
  bucketStart,
  effectiveGranularity,
  fits,
} from './granularity';

const at = (text: string): number => Date.parse(text);
const DAY = 86_400_000;

describe('granularity', () => {
  it.each([
    [3_600_000, 'minute'],
    [6 * 3_600_000, 'five_minutes'],
    [DAY, 'hour'],
    [7 * DAY, 'hour'],
    [30 * DAY, 'day'],
    [166 * DAY, 'day'],
    [365 * DAY, 'week'],
    [10 * 365 * DAY, 'month'],
  ])('%d ms are split by %s', (span, granularity) => {
    expect(autoGranularity(span)).toBe(granularity);
  });

  it('a choice that gives too many buckets falls back to the automatic one', () => {
    expect(fits('minute', DAY)).toBe(true);
    expect(fits('minute', 2 * DAY)).toBe(false);
    expect(effectiveGranularity('minute', 30 * DAY)).toBe('day');
    expect(effectiveGranularity('hour', 30 * DAY)).toBe('hour');
  });

  it('buckets end where the days, weeks and months of the time zone end', () => {
    const zone = 'Europe/Amsterdam';
    expect(bucketEnd(at('2012-03-24T23:00:00Z'), 'day', zone)).toBe(at('2012-03-25T22:00:00Z'));
    expect(bucketEnd(at('2011-11-30T23:00:00Z'), 'month', zone)).toBe(at('2011-12-31T23:00:00Z'));
    expect(bucketEnd(at('2012-03-18T23:00:00Z'), 'week', zone)).toBe(at('2012-03-25T22:00:00Z'));
    expect(bucketEnd(0, 'five_minutes', zone)).toBe(300_000);
  });

  it('buckets have names', () => {
    const start = at('2012-02-12T23:00:00Z');
    expect(bucketName(start, 'day', 'Europe/Amsterdam')).toBe('Mon 13 Feb 2012');
    expect(bucketName(start, 'week', 'Europe/Amsterdam')).toBe('Week of 13 Feb 2012');
    expect(bucketName(start, 'month', 'Europe/Amsterdam')).toBe('Feb 2012');
    expect(bucketName(start, 'hour', 'UTC')).toBe('12 Feb 2012, 23:00');
  });
});

describe('the start of a bucket', () => {
  it.each([
    ['month', '2026-10-31T23:00:00Z'],
    ['week', '2026-11-22T23:00:00Z'],
    ['day', '2026-11-27T23:00:00Z'],
    ['half_day', '2026-11-28T11:00:00Z'],
    ['hour', '2026-11-28T14:00:00Z'],
    ['five_minutes', '2026-11-28T14:35:00Z'],
  ] as const)('of a %s is where it begins in the time zone', (granularity, start) => {
    const instant = at('2026-11-28T14:37:12Z');
    expect(bucketStart(instant, granularity, 'Europe/Berlin')).toBe(at(start));
    expect(bucketEnd(at(start), granularity, 'Europe/Berlin')).toBeGreaterThan(instant);
  });
});
