import { describe, expect, it } from 'vitest';
import { logDurationTicks, timeTicks, valueScale } from './ticks';
import { startOfDay } from './zone';

function days(from: string, count: number, zone: string): number[] {
  const first = startOfDay(Date.parse(from), zone);
  return Array.from({ length: count }, (_, index) => startOfDay(first, zone, index));
}

describe('the time axis', () => {
  it('labels half a year of days by month, and January by the year', () => {
    const starts = days('2011-10-01T12:00:00Z', 166, 'Europe/Amsterdam');
    const labels = [...timeTicks(starts, 'Europe/Amsterdam', 8).values()];
    expect(labels).toEqual(['Oct', 'Nov', 'Dec', '2012', 'Feb', 'Mar']);
  });

  it('labels hours, and midnight as a date', () => {
    const from = Date.parse('2012-03-13T20:00:00Z');
    const starts = Array.from({ length: 12 }, (_, index) => from + index * 3_600_000);
    const labels = [...timeTicks(starts, 'UTC', 6).values()];
    expect(labels).toEqual(['20:00', '22:00', '14 Mar', '02:00', '04:00', '06:00']);
  });

  it('never gives more labels than there is room for', () => {
    for (const count of [2, 30, 166, 1000]) {
      const ticks = timeTicks(days('2009-03-01T12:00:00Z', count, 'UTC'), 'UTC', 6);
      expect(ticks.size).toBeGreaterThan(0);
      expect(ticks.size).toBeLessThanOrEqual(6);
    }
  });
});

describe('the value axis', () => {
  it('counts have whole round steps', () => {
    expect(valueScale(3, 4, 'whole')).toEqual({ step: 1, top: 3 });
    expect(valueScale(3185, 4, 'whole')).toEqual({ step: 1000, top: 4000 });
  });

  it('durations have round steps in units of time', () => {
    expect(valueScale(402_000, 4, 'milliseconds')).toEqual({ step: 120_000, top: 480_000 });
    expect(valueScale(2_700_000_000, 4, 'milliseconds').step % 86_400_000).toBe(0);
  });

  it('an axis without data still has a top', () => {
    expect(valueScale(0, 4, 'whole').top).toBeGreaterThan(0);
  });
});

describe('the logarithmic axis', () => {
  it('has ticks at everyday durations, which enclose all values', () => {
    expect(logDurationTicks(45_000, 2_700_000_000, 7)).toEqual([
      10_000, 600_000, 21_600_000, 604_800_000, 8_640_000_000,
    ]);
    expect(logDurationTicks(120, 840, 7)).toEqual([100, 1000]);
    expect(logDurationTicks(5000, 2_700_000_000, 7)).toEqual([
      1000, 60_000, 3_600_000, 86_400_000, 8_640_000_000,
    ]);
  });

  it('has a step even if all values are equal', () => {
    expect(logDurationTicks(1000, 1000, 7).length).toBeGreaterThan(1);
  });
});
