import { expect, test } from 'vitest';
import type { ActiveDay, EngagementReport } from '@/api/activity';
import type { Asked } from '@/lib/answer';
import { answerOf, FRAME } from '../answer.fixture';
import type { View } from '../view';
import { onItsDay } from './day';
import { partShare } from './parts';
import { columnText, meaningOf, periodOf, retentionRequest, retentionRows } from './retention';
import { activitySearch, PERIODS } from './search';
import { activeSeries, sessionSeries } from './series';
import { busiest, byHourOfWeek, countable, MOST_DAYS } from './week';

const META = answerOf([]).meta;
const ASKED: Asked = { frame: FRAME, question: '', at: Date.parse('2026-01-09T00:00:00Z') };

test('a session is on the strip of its day in the zone of the page, and ends with the day', () => {
  const [six, noon, evening] = ['06', '12', '18'].map((hour) =>
    Date.parse(`2026-03-04T${hour}:00:00Z`),
  ) as [number, number, number];
  expect(onItsDay(six, noon, 'UTC')).toEqual({ from: 0.25, to: 0.5 });
  expect(onItsDay(six, evening, 'Asia/Tokyo')).toEqual({ from: 0.625, to: 1 });
  expect(onItsDay(six, six, 'UTC')).toEqual({ from: 0.25, to: 0.25 });
});

test('hours are summed by weekday and hour of the time zone, not of UTC', () => {
  // Thursday 1 January and Thursday 8 January, 23:00 UTC: in Amsterdam, Friday 00:00.
  const answer = answerOf([
    { time: '2026-01-01T23:00:00Z', logins: 2 },
    { time: '2026-01-08T23:00:00Z', logins: 3 },
    { time: '2026-01-05T08:00:00Z', logins: 1 },
    { time: '2026-01-05T09:00:00Z', logins: null },
  ]);
  const utc = byHourOfWeek(answer, 'logins');
  expect(utc[3]?.[23]).toBe(5);
  expect(utc[0]?.[8]).toBe(1);
  expect(utc.flat().reduce<number>((sum, count) => sum + (count ?? 0), 0)).toBe(6);
  // Nothing is known about the other hours, which the answer does not have.
  expect(utc.flat().filter((count) => count !== null)).toHaveLength(2);
  const amsterdam = { ...answer, frame: { ...FRAME, zone: 'Europe/Amsterdam' } };
  expect(byHourOfWeek(amsterdam, 'logins')[4]?.[0]).toBe(5);
});

test('the busiest hour is the first of those with the most, and there is none without any', () => {
  const week = byHourOfWeek(
    answerOf([
      { time: '2026-01-06T10:00:00Z', logins: 4 },
      { time: '2026-01-07T11:00:00Z', logins: 4 },
    ]),
    'logins',
  );
  expect(busiest(week)).toEqual({ day: 1, hour: 10, count: 4 });
  expect(busiest(byHourOfWeek(answerOf([]), 'logins'))).toBeNull();
});

test('of a range with more hours than one query can count, the newest part is counted', () => {
  const to = FRAME.bounds.to;
  const of = (days: number): View =>
    ({ bounds: { from: to - days * 86_400_000, to } }) as unknown as View;
  expect(countable(of(MOST_DAYS)).cut).toBe(false);
  const long = countable(of(MOST_DAYS + 1));
  expect(long.cut).toBe(true);
  expect(long.view.bounds).toEqual({ from: to - MOST_DAYS * 86_400_000, to });
});

test('active users are lines over the days of the answer; a day without stickiness is a gap', () => {
  const day = (date: string, dau: number, stickiness: number | null): ActiveDay => ({
    day: `${date}T00:00:00Z`,
    dau,
    wau: 2 * dau,
    mau: 4 * dau,
    stickiness,
    open: false,
  });
  const report = {
    actives: { days: [day('2026-01-01', 0, null), day('2026-01-02', 3, 25)] },
    meta: META,
    ...ASKED,
  } as unknown as EngagementReport & Asked;
  const data = activeSeries(report);
  expect(data.starts).toEqual([
    Date.parse('2026-01-01T00:00:00Z'),
    Date.parse('2026-01-02T00:00:00Z'),
  ]);
  expect(data.end).toBe(Date.parse('2026-01-03T00:00:00Z'));
  expect(data.granularity).toBe('day');
  expect(data.series.map(({ id, values, axis }) => [id, values, axis])).toEqual([
    ['dau', [0, 3], undefined],
    ['wau', [0, 6], undefined],
    ['mau', [0, 12], undefined],
    ['stickiness', [null, 25], 'right'],
  ]);
});

test('sessions are bars in the buckets of the answer', () => {
  const point = (time: string, sessions: number) => ({
    time,
    sessions,
    activities: 9,
    activeUsers: 1,
    logins: 0,
    activeTimeMs: 0,
  });
  const data = sessionSeries({
    data: [point('2026-01-01T00:00:00Z', 2), point('2026-01-01T01:00:00Z', 0)],
    granularity: 'hour',
    meta: META,
    ...ASKED,
  });
  expect(data.granularity).toBe('hour');
  expect(data.end).toBe(Date.parse('2026-01-01T02:00:00Z'));
  expect(data.series[0]?.values).toEqual([2, 0]);
});

test('hours that have not begun are gaps, not hours without sessions', () => {
  const hour = (index: number): string => new Date(ASKED.at + index * 3_600_000).toISOString();
  const point = (index: number) => ({
    time: hour(index),
    sessions: 0,
    activities: 0,
    activeUsers: 0,
    logins: 0,
    activeTimeMs: 0,
  });
  const data = sessionSeries({
    data: [-2, -1, 0, 1, 2].map(point),
    granularity: 'hour',
    meta: META,
    ...ASKED,
  });
  expect(data.series[0]?.values).toEqual([0, 0, 0, null, null]);
});

test('only the proportions of the weights matter', () => {
  const weights = { recency: 1, frequency: 2, depth: 1, breadth: 0 };
  expect(partShare(weights, 'frequency')).toBe(50);
  expect(partShare(weights, 'breadth')).toBe(0);
});

test('what the address does not understand is dropped', () => {
  expect(activitySearch.users({ count: 'activities' })).toEqual({ count: 'activities' });
  expect(activitySearch.users({ count: 'steps' })).toEqual({ count: undefined });
});

test('a retention table asks for days, weeks or months by the length of the range, and filters by the page', () => {
  const to = FRAME.bounds.to;
  const of = (days: number) => ({ bounds: { from: to - days * 86_400_000, to } });
  expect([7, 31, 32, 366, 367].map((days) => periodOf(of(days)))).toEqual([
    'day',
    'day',
    'week',
    'week',
    'month',
  ]);
  const view = { ...of(7), env: 'prod', workflows: ['b', 'a'], zone: 'Europe/Amsterdam' };
  expect(retentionRequest(view, { period: 'week', returned: 'unbounded' })).toEqual({
    granularity: 'week',
    mode: 'unbounded',
    start: {
      event: 'activity',
      filters: [
        { dimension: 'environment', op: 'in', values: ['prod'] },
        { dimension: 'workflow', op: 'in', values: ['a', 'b'] },
      ],
    },
    timezone: 'Europe/Amsterdam',
  });
});

test('a retention table asks for each mode of the API, and says what it means', () => {
  const view = { bounds: FRAME.bounds, env: undefined, workflows: [], zone: 'UTC' };
  expect(
    activitySearch.retention({
      returned: 'bracket',
      periods: 'rolling',
      entry: 'every',
      segment: 's',
    }),
  ).toMatchObject({ returned: 'bracket', periods: 'rolling', entry: 'every', segment: 's' });
  expect(
    activitySearch.retention({ returned: 'n_day', periods: 'calendar', entry: 'first' }),
  ).toEqual({});
  const asked = retentionRequest(view, {
    returned: 'bracket',
    periods: 'rolling',
    entry: 'every',
    segment: 's',
  });
  expect(asked).toMatchObject({
    mode: 'bracket',
    window: 'rolling',
    entry: 'every',
    segmentId: 's',
  });
  // Each bracket begins where the one before it ends.
  for (const period of PERIODS) {
    const { brackets = [] } = retentionRequest(view, { returned: 'bracket', period });
    expect(brackets.length).toBeGreaterThan(3);
    brackets.forEach(([first], index) => expect(first).toBe((brackets[index - 1]?.[1] ?? -1) + 1));
  }
  expect(retentionRequest(view, {})).not.toHaveProperty('brackets');
  expect(columnText({ from: 2, to: 2 }, 'n_day')).toBe('2');
  expect(columnText({ from: 2, to: 6 }, 'bracket')).toBe('2–6');
  expect(columnText({ from: 2, to: null }, 'unbounded')).toBe('2+');
  const meaning = meaningOf({
    mode: 'n_day',
    window: 'rolling',
    entry: 'first',
    granularity: 'week',
  }).join(' ');
  expect(meaning).toContain('from 7 to 14 days');
  expect(meaning).toContain('first start ever');
});

test('cells that have not begun are empty, open ones are marked, and small cohorts too', () => {
  const cell = (count: number, percent: number, open = false) => ({ count, percent, open });
  const rows = retentionRows({
    cohorts: [
      { cohort: '2026-01-01T00:00:00Z', size: 5, cells: [cell(5, 100), cell(2, 40, true)] },
      { cohort: '2026-01-02T00:00:00Z', size: 0, cells: [null, null] },
      { cohort: '2026-01-03T00:00:00Z', size: 4, cells: [cell(4, 100, true), null] },
    ],
  });
  expect(rows.map(({ size }) => size)).toEqual([5, 4]);
  expect(rows[0]?.cells).toEqual([
    { percent: 100, count: 5, open: false, few: false },
    { percent: 40, count: 2, open: true, few: false },
  ]);
  expect(rows[1]?.cells).toEqual([{ percent: 100, count: 4, open: true, few: true }, null]);
});
