import { describe, expect, test } from 'vitest';
import type { ServerDay, ServerLevel, ServerReport, ServerStorage } from '@/api/server';
import { codeParts, fullOf, growthOf, organisationRows, stateOf } from './said';
import { serverSearch } from './search';
import { byteSeries, firstNoted, requestSeries, standstills } from './series';

const DAY = 86_400_000;
const start = (day: number): string => new Date(Date.UTC(2026, 10, day)).toISOString();
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

const day = (of: number, more: Partial<ServerDay> = {}): ServerDay => ({
  day: start(of),
  events: 10,
  posts: 5,
  requests: 4,
  requestMs: 20,
  failed: 0,
  slow: 1,
  bytes: 100 * of,
  hoursUp: 24,
  ...more,
});

const STORAGE: ServerStorage = {
  storeBytes: 900,
  controlBytes: 100,
  freeBytes: 1000,
  growthPerDay: 10,
  fullAt: null,
  days: 30,
  daysNeeded: 7,
};

const report = (days: ServerDay[], more: Partial<ServerReport> = {}): ServerReport => ({
  from: start(1),
  to: '2026-11-05T06:00:00Z',
  firstNoted: start(1),
  advice: [],
  levels: [],
  storage: STORAGE,
  days,
  organisations: [],
  other: null,
  people: 0,
  activePeople: 0,
  activePct: null,
  ...more,
});

const level = (met: boolean | null): ServerLevel => ({
  kind: 'ingest',
  targetPct: 99.9,
  good: 1,
  total: 1,
  actualPct: 100,
  needed: 1000,
  met,
  budgetLeftPct: null,
});

describe('the days of the server', () => {
  const today = day(5, { hoursUp: 6 });

  test('the day on which the server was installed counts from then on', () => {
    const installed = report([day(1, { hoursUp: 10 })], {
      to: start(2),
      firstNoted: '2026-11-01T14:00:00Z',
    });
    expect(standstills(installed)).toEqual([]);
    expect(standstills({ ...installed, firstNoted: start(1) })).toHaveLength(1);
  });

  test('without figures are gaps, and today is not complete', () => {
    const data = byteSeries(report([day(1), day(2), day(4), today]));
    expect(data.series[0]?.values).toEqual([100, 200, null, 400, 500]);
    expect(data.starts).toHaveLength(5);
    expect(data.end - Date.parse(start(5))).toBe(DAY);
    expect(data.completeUntil).toBe(Date.parse('2026-11-05T06:00:00Z'));
  });

  test('without requests have no average time, which is no time of 0', () => {
    const data = requestSeries(report([day(4, { requests: 0, requestMs: null }), today]));
    expect(data.series.map(({ values }) => values)).toEqual([
      [0, 4],
      [null, 20],
    ]);
    expect(data.rightUnit).toBe('milliseconds');
  });

  test('are marked if the server did not run all the time', () => {
    const days = [day(1, { hoursUp: 21.75 }), day(2, { hoursUp: 23.99 }), today];
    const marks = standstills(report(days));
    expect(marks.map(({ label }) => label)).toEqual(['Ran 21.8 of 24 h', 'Did not run']);
    expect(marks[1]).toMatchObject({
      kind: 'incident',
      at: Date.parse(start(3)),
      until: Date.parse(start(5)) - 1,
    });
  });

  test('are judged by the time that has passed', () => {
    expect(standstills(report([day(4), today], { from: start(4) }))).toEqual([]);
    const marks = standstills(report([day(4), day(5, { hoursUp: 5.5 })], { from: start(4) }));
    expect(marks.map(({ label }) => label)).toEqual(['Ran 5.5 of 6 h']);
  });

  test('begin with the first figures, and that day is no standstill', () => {
    const of = report([day(3, { hoursUp: 9 }), day(4), today]);
    expect(firstNoted(of)).toBe(Date.parse(start(3)));
    expect(standstills(of).map(({ kind, label }) => [kind, label])).toEqual([
      ['release', 'First figures'],
    ]);
    expect(firstNoted(report([day(1), today]))).toBeNull();
    expect(byteSeries(report([])).starts).toEqual([]);
    expect(firstNoted(report([]))).toBeNull();
  });
});

describe('the state of the server', () => {
  const state = (advice: ServerReport['advice'], levels: ServerLevel[]): string =>
    stateOf({ advice, levels }).text;

  test('is what the first advice is about', () => {
    const advice: ServerReport['advice'] = [
      { urgency: 'now', about: 'ingest', text: '' },
      { urgency: 'soon', about: 'speed', text: '' },
    ];
    expect(state(advice, [level(false)])).toBe(
      'The server failed to take events. This needs attention now.',
    );
    expect(stateOf({ advice: advice.slice(1), levels: [] }).urgency).toBe('soon');
    expect(state([{ urgency: 'soon', about: 'new', text: '' }], [])).toBe(
      'Something is wrong with the server. This needs attention soon.',
    );
  });

  test('is well without advice, as far as it can be judged', () => {
    expect(state([], [level(true), level(true)])).toBe('All is well: every service level is met.');
    expect(state([], [level(true), level(null)])).toContain('1 of the 2 service levels');
    expect(state([], [level(null), level(null)])).toContain('too little data');
    expect(state([], [level(null), level(null)])).not.toContain('All is well');
  });

  test('names settings, which are set apart', () => {
    expect(codeParts('Raise `a.b` and `c`.')).toEqual(['Raise ', 'a.b', ' and ', 'c', '.']);
  });
});

describe('the disk', () => {
  const now = Date.parse(start(1));
  const full = (more: Partial<ServerStorage>) => {
    const { value, note } = fullOf({ ...STORAGE, ...more }, now, 'UTC');
    return [plain(value), note];
  };
  const at = (days: number): string => new Date(now + days * DAY).toISOString();

  test.each([
    ['In 412 days', 'on 18 Dec 2027, at this growth', { fullAt: at(412.5) }],
    ['In 1 day', 'on 2 Nov 2026, at this growth', { fullAt: at(1) }],
    ['Within a day', 'on 1 Nov 2026, at this growth', { fullAt: at(0.9) }],
    ['–', 'needs 7 days of data, has 3', { growthPerDay: null, days: 3 }],
    ['–', 'the free space is unknown', { freeBytes: null }],
    ['Not in sight', 'what is stored does not grow', { growthPerDay: -5 }],
    ['Not in sight', 'not within 10 years at this growth', {}],
  ])('is full: %s, %s', (value, note, more) => {
    expect(full(more)).toEqual([value, note]);
  });

  test('can get emptier', () => {
    expect(plain(growthOf({ ...STORAGE, growthPerDay: -2560 }).value)).toBe('−2.50 KiB');
    expect(growthOf({ ...STORAGE, growthPerDay: null, days: 3 }).note).toContain('has 3');
  });
});

describe('the organisations', () => {
  const organisation = { id: 'a', name: 'A', events: 60, sharePct: 60, projects: 1 };
  const one = { ...organisation, people: 2, activePeople: 1 };

  test('end with all others, whose share is of the same whole', () => {
    const rows = organisationRows({
      organisations: [one],
      other: { count: 3, events: 40, sharePct: 40 },
    });
    expect(rows.map(({ name, count, share }) => [name, count, share])).toEqual([
      ['A', 1, 60],
      [null, 3, 40],
    ]);
    expect(organisationRows({ organisations: [one], other: null })).toHaveLength(1);
  });

  test('without events have no share', () => {
    const none = { ...one, events: 0, sharePct: null };
    const rows = organisationRows({
      organisations: [none],
      other: { count: 1, events: 0, sharePct: null },
    });
    expect(rows.map(({ share }) => share)).toEqual([null, null]);
  });
});

test('the number of days in the URL is one of the choices', () => {
  expect(serverSearch({ days: '90' })).toEqual({ days: '90' });
  expect(serverSearch({ days: '30' })).toEqual({ days: undefined });
  expect(serverSearch({ days: '31' })).toEqual({ days: undefined });
});
