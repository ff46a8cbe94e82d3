import { describe, expect, it } from 'vitest';
import {
  boundsOf,
  coveredDates,
  defaultRange,
  parseLast,
  rangeFromParams,
  rangeToParams,
  rangeLabel,
  refreshInterval,
  when,
} from './range';

const at = (text: string): number => Date.parse(text);
const now = at('2026-11-22T07:00:00Z');
const log = { first: at('2011-09-30T22:38:44Z'), newest: at('2012-03-14T15:04:54Z') };

describe('parsing', () => {
  it('relative ranges are a count and a unit', () => {
    expect(parseLast('90m')).toBe(90 * 60_000);
    expect(parseLast('2w')).toBe(14 * 86_400_000);
    for (const wrong of ['0d', 'd', '7y', '-7d', '7d ', '']) expect(parseLast(wrong)).toBeNull();
  });

  it('the URL names a preset, everything, or two instants', () => {
    expect(rangeFromParams({ range: '7d' })).toEqual({ kind: 'last', last: '7d' });
    expect(rangeFromParams({ range: 'all' })).toEqual({ kind: 'all' });
    expect(rangeFromParams({ from: '2012-01-01T00:00:00Z', to: '2012-02-01T00:00:00Z' })).toEqual({
      kind: 'absolute',
      from: at('2012-01-01T00:00:00Z'),
      to: at('2012-02-01T00:00:00Z'),
    });
  });

  it('invalid ranges are rejected', () => {
    expect(rangeFromParams({})).toBeNull();
    expect(rangeFromParams({ range: 'soon' })).toBeNull();
    expect(rangeFromParams({ from: '2012-01-01T00:00:00Z' })).toBeNull();
    expect(
      rangeFromParams({ from: '2012-02-01T00:00:00Z', to: '2012-01-01T00:00:00Z' }),
    ).toBeNull();
  });

  it('a range survives being written and read', () => {
    const range = { kind: 'absolute', from: at('2012-01-01T00:00:00Z'), to: now } as const;
    expect(rangeFromParams(rangeToParams(range))).toEqual(range);
    expect(rangeToParams({ kind: 'all' }).from).toBeUndefined();
  });
});

describe('the range of a first visit', () => {
  it('is the shortest one that includes the newest event', () => {
    const newest = (hoursAgo: number) => ({ first: 0, newest: now - hoursAgo * 3_600_000 });
    expect(defaultRange(newest(1), now)).toEqual({ kind: 'last', last: '24h' });
    expect(defaultRange(newest(50), now)).toEqual({ kind: 'last', last: '7d' });
    expect(defaultRange(newest(20 * 24), now)).toEqual({ kind: 'last', last: '30d' });
  });

  it('is all data if the newest event is long ago, so that an old log shows at once', () => {
    expect(defaultRange(log, now)).toEqual({ kind: 'all' });
    expect(boundsOf({ kind: 'all' }, log, now, 'UTC')).toEqual({
      from: at('2011-09-30T00:00:00Z'),
      to: at('2012-03-15T00:00:00Z'),
    });
  });

  it('is the last 24 hours if there is no data yet', () => {
    expect(defaultRange(null, now)).toEqual({ kind: 'last', last: '24h' });
  });
});

describe('what a relative range covers', () => {
  const covers = (last: string, instant: string, zone = 'UTC'): string[] => {
    const { from, to } = boundsOf({ kind: 'last', last }, null, at(instant), zone);
    return [from, to].map((edge) => new Date(edge).toISOString().replace('.000Z', 'Z'));
  };

  it('days are today and the days before it, in the time zone', () => {
    expect(covers('30d', '2024-05-15T10:20:30Z', 'Europe/Amsterdam')).toEqual([
      '2024-04-15T22:00:00Z',
      '2024-05-15T22:00:00Z',
    ]);
    expect(covers('2w', '2024-05-15T10:20:30Z')).toEqual([
      '2024-05-02T00:00:00Z',
      '2024-05-16T00:00:00Z',
    ]);
    // A day of 23 hours is still a day.
    expect(covers('1d', '2024-03-31T12:00:00Z', 'Europe/Amsterdam')).toEqual([
      '2024-03-30T23:00:00Z',
      '2024-03-31T22:00:00Z',
    ]);
  });

  it('shorter ranges end with the current minutes or hour, by the same rule as on the server', () => {
    for (const [last, from, to] of [
      ['30m', '2024-05-15T09:51:00Z', '2024-05-15T10:21:00Z'],
      ['1h', '2024-05-15T09:25:00Z', '2024-05-15T10:25:00Z'],
      ['6h', '2024-05-15T04:30:00Z', '2024-05-15T10:30:00Z'],
      ['24h', '2024-05-14T11:00:00Z', '2024-05-15T11:00:00Z'],
    ] as const) {
      expect(covers(last, '2024-05-15T10:20:30Z')).toEqual([from, to]);
    }
    // Half past the hour in UTC is a full hour in Kolkata.
    expect(covers('24h', '2024-05-15T10:20:30Z', 'Asia/Kolkata')).toEqual([
      '2024-05-14T10:30:00Z',
      '2024-05-15T10:30:00Z',
    ]);
  });

  it('can be put in words', () => {
    const noon = at('2024-05-15T12:00:00Z');
    expect(coveredDates({ kind: 'last', last: '7d' }, noon, 'UTC')).toBe(
      '9 May 2024 to 15 May 2024',
    );
    expect(coveredDates({ kind: 'all' }, noon, 'UTC')).toBeNull();
  });
});

describe('words', () => {
  it('whole days read as dates, including the last one', () => {
    const zone = 'Europe/Amsterdam';
    const january = {
      kind: 'absolute',
      from: at('2011-12-31T23:00:00Z'),
      to: at('2012-01-31T23:00:00Z'),
    } as const;
    expect(rangeLabel(january, zone)).toBe('1 Jan 2012 to 31 Jan 2012');
    const day = { ...january, to: at('2012-01-01T23:00:00Z') };
    expect(rangeLabel(day, zone)).toBe('1 Jan 2012');
    expect(rangeLabel(day, 'UTC')).toBe('31 Dec 2011, 23:00 to 1 Jan 2012, 23:00');
    const morning = { ...day, to: day.from + 15 * 3_600_000 };
    expect(rangeLabel(morning, zone)).toBe('1 Jan 2012, 00:00 to 15:00');
    expect(when(morning, null, zone)).toBe('from 1 Jan 2012, 00:00 to 15:00');
  });

  it('relative ranges have the label of their preset, or a count', () => {
    expect(rangeLabel({ kind: 'last', last: '365d' }, 'UTC')).toBe('Last 12 months');
    expect(rangeLabel({ kind: 'last', last: '3d' }, 'UTC')).toBe('Last 3 days');
    expect(rangeLabel({ kind: 'last', last: '1w' }, 'UTC')).toBe('Last 1 week');
  });

  it('all data ends a sentence with the day on which it begins', () => {
    expect(when({ kind: 'all' }, log, 'Europe/Amsterdam')).toBe('since 1 Oct 2011');
    expect(when({ kind: 'all' }, null, 'UTC')).toBe('in all data');
    expect(when({ kind: 'last', last: '7d' }, log, 'UTC')).toBe('in the last 7 days');
  });

  it('a day refreshes more often than a month', () => {
    expect(refreshInterval({ kind: 'last', last: '24h' })).toBe(10_000);
    expect(refreshInterval({ kind: 'last', last: '30d' })).toBe(30_000);
  });
});
