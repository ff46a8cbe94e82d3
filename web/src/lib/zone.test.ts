import { describe, expect, it } from 'vitest';
import {
  ago,
  allZones,
  dateTime,
  fromInput,
  instantOf,
  isZone,
  offsetAt,
  offsetLabel,
  recently,
  currentName,
  startOfDay,
  toInput,
  wallAt,
  weekday,
} from './zone';

const at = (text: string): number => Date.parse(text);
const HOUR = 3_600_000;

describe('wall clocks', () => {
  it('Kolkata and Kathmandu are ahead by halves and quarters of an hour', () => {
    const instant = at('2012-01-01T00:00:00Z');
    expect(offsetAt(instant, 'Asia/Kolkata')).toBe(5.5 * HOUR);
    expect(offsetAt(instant, 'Asia/Kathmandu')).toBe(5.75 * HOUR);
    expect(offsetLabel(instant, 'Asia/Kathmandu')).toBe('UTC+05:45');
  });

  it('an instant survives being turned into a wall clock and back', () => {
    for (const zone of ['UTC', 'Europe/Amsterdam', 'America/St_Johns', 'Pacific/Apia']) {
      const instant = at('2012-03-14T15:04:54Z');
      expect(instantOf(wallAt(instant, zone), zone)).toBe(instant);
    }
  });

  it('a time that DST skips moves forward', () => {
    expect(fromInput('2012-03-25T02:30', 'Europe/Amsterdam')).toBe(at('2012-03-25T01:30:00Z'));
  });

  it('a time that DST repeats means the first one', () => {
    expect(fromInput('2011-10-30T02:30', 'Europe/Amsterdam')).toBe(at('2011-10-30T00:30:00Z'));
  });

  it('weekdays count from Monday', () => {
    expect(weekday(wallAt(at('2012-02-13T12:00:00Z'), 'UTC'))).toBe(1);
    expect(weekday(wallAt(at('2012-02-12T12:00:00Z'), 'UTC'))).toBe(7);
  });

  it('zones are listed under their current names', () => {
    expect(currentName('Asia/Katmandu')).toBe('Asia/Kathmandu');
    expect(allZones()).toContain('Asia/Kolkata');
    expect(allZones()).not.toContain('Asia/Calcutta');
  });

  it('an unknown zone is rejected', () => {
    expect(isZone('Europe/Amsterdam')).toBe(true);
    expect(isZone('Mars/Olympus')).toBe(false);
  });
});

describe('days', () => {
  it('days with a DST change have 23 or 25 hours', () => {
    const zone = 'Europe/Amsterdam';
    const spring = startOfDay(at('2012-03-25T12:00:00Z'), zone);
    expect(startOfDay(spring, zone, 1) - spring).toBe(23 * HOUR);
    const autumn = startOfDay(at('2011-10-30T12:00:00Z'), zone);
    expect(startOfDay(autumn, zone, 1) - autumn).toBe(25 * HOUR);
  });

  it('a day begins at midnight of the zone', () => {
    expect(startOfDay(at('2011-09-30T22:38:44Z'), 'Europe/Amsterdam')).toBe(
      at('2011-09-30T22:00:00Z'),
    );
  });
});

describe('words', () => {
  it('times are written in the time zone', () => {
    expect(dateTime(at('2012-03-14T15:04:54Z'), 'Europe/Amsterdam')).toBe('14 Mar 2012, 16:04');
  });

  it('an instant survives being turned into an input value and back', () => {
    const instant = at('2012-03-14T15:04:00Z');
    expect(fromInput(toInput(instant, 'Asia/Kathmandu'), 'Asia/Kathmandu')).toBe(instant);
    expect(fromInput('soon', 'UTC')).toBeNull();
  });

  it('recent times are relative within a day', () => {
    const now = at('2012-03-14T15:04:00Z');
    expect(ago(now - 4 * 60_000, now, 'UTC')).toBe('4 min ago');
    expect(ago(now - 3 * HOUR, now, 'UTC')).toBe('3 h ago');
    expect(ago(now - 30 * HOUR, now, 'UTC')).toBe('13 Mar 2012');
    expect(ago(now + HOUR, now, 'UTC')).toBe('14 Mar 2012, 16:04');
    expect(recently(now - 23 * HOUR, now)).toBe('23 h ago');
    expect(recently(now - 24 * HOUR, now)).toBeNull();
    expect(recently(now + HOUR, now)).toBeNull();
  });
});
