import { describe, expect, test } from 'vitest';
import type { Change } from '@/api/changes';
import type { ErrorGroups } from '@/api/errors';
import { answerOf } from '../answer.fixture';
import type { View } from '../view';
import { peopleOptions } from './Assign';
import { classSeries } from './ErrorsByClass';
import { tilesOf } from './ErrorTiles';
import { errorFrame } from './frame';
import { groupsOf, outagesOf } from './outages';
import { closedOf, decidedFilter, errorsSearch } from './search';
import { trendBins } from './trend';

describe('a trend', () => {
  const HOUR = 3_600_000;
  const point = (hour: number, count: number) => ({
    time: new Date(hour * HOUR).toISOString(),
    count,
  });

  test('puts counts where they occurred, and loses none', () => {
    const range = { from: 0, to: 10 * 24 * HOUR };
    const day = (index: number, count: number) => point(24 * index, count);
    const sums = (points: { time: string; count: number }[]) => trendBins(points, range, range);
    expect(sums([day(0, 1), day(4, 2), day(9, 4)])).toEqual({
      values: [1, 0, 0, 0, 2, 0, 0, 0, 0, 4],
      openFrom: 10,
    });
    const cut = sums([day(-1, 1), day(11, 2)]).values;
    expect([cut[0], cut[9]]).toEqual([1, 2]);
  });

  test('is as level as what it counts', () => {
    for (const days of [2, 6, 7, 30, 60, 90]) {
      const step = days <= 7 ? 1 : 24;
      const counts = Array.from({ length: (days * 24) / step }, (_, at) => point(at * step, 1));
      const range = { from: 0, to: days * 24 * HOUR };
      const { values, openFrom } = trendBins(counts, range, range);
      expect(new Set(values.slice(0, openFrom)).size, `${days} days`).toBe(1);
      expect(values.length - openFrom, `${days} days`).toBeLessThanOrEqual(1);
    }
  });

  test('stays in its parts where days have 23 or 25 hours', () => {
    const range = { from: 0, to: 30 * 24 * HOUR - HOUR };
    const days = Array.from({ length: 30 }, (_, day) => point(24 * day - (day > 15 ? 1 : 0), 1));
    expect(new Set(trendBins(days, range, range).values)).toEqual(new Set([1]));
  });

  test('has gaps before the first event and after the present, and an open end', () => {
    const range = { from: 0, to: 10 * HOUR };
    const known = { from: 3 * HOUR, to: 7 * HOUR };
    const { values, openFrom } = trendBins([point(4, 2)], range, known);
    const whole = (index: number) => values[Math.floor((index / 10) * values.length)];
    expect([0, 2, 4, 6, 8, 9].map(whole)).toEqual([null, null, 2, 0, null, null]);
    expect(openFrom).toBe(0.7 * values.length);
  });

  test('of an empty range has no counts', () => {
    const range = { from: 5, to: 5 };
    expect(trendBins([], range, range).values).toEqual([null]);
  });
});

describe('the parameters of a request for errors', () => {
  const view = {
    env: 'production',
    zone: 'Europe/Amsterdam',
    workflows: ['orders'],
  } as unknown as View;

  test('are those of the view', () => {
    expect(errorFrame(view)).toEqual({
      environment: 'production',
      timezone: 'Europe/Amsterdam',
      workflowId: 'orders',
    });
  });

  test('name no workflow if several are chosen', () => {
    expect(errorFrame({ ...view, workflows: ['a', 'b'] }).workflowId).toBeUndefined();
  });
});

test('errors are stacked by class, the most frequent at the bottom, and days without any are 0', () => {
  const answer = answerOf([
    { time: '2026-01-02T00:00:00Z', error_class: 'auth', errors: 1 },
    { time: '2026-01-02T00:00:00Z', error_class: 'rate_limit', errors: 2 },
    { time: '2026-01-04T00:00:00Z', error_class: 'rate_limit', errors: 3 },
  ]);
  const { series } = classSeries(answer);
  expect(series.map(({ label, values }) => [label, values])).toEqual([
    ['rate limit', [0, 2, 0, 3, 0, 0, 0]],
    ['auth', [0, 1, 0, 0, 0, 0, 0]],
  ]);
});

describe('the key figures of errors', () => {
  const group = (count: number, previousCount: number): object => ({ count, previousCount });
  const groups = (groupCount: number): ErrorGroups =>
    ({
      total: 12,
      previousTotal: 6,
      groupCount,
      classes: [{ errorClass: 'rate_limit', count: 9, share: 75 }],
      errors: [group(9, 0), group(3, 6)],
    }) as unknown as ErrorGroups;
  const notes = (of: ErrorGroups, possible: boolean): unknown[] => {
    const comparable = possible ? { possible } : { possible, reason: '' };
    return tilesOf(of, answerOf([{ failure_rate: 4.5 }]), comparable).map(({ note }) => note);
  };

  test('name the number, the rate, the groups and the most frequent class', () => {
    const values = tilesOf(groups(2), answerOf([{ failure_rate: 4.5 }]), undefined).map(
      ({ value }) => (value as string).replaceAll('\u00a0', ' '),
    );
    expect(values).toEqual(['12', '4.5 %', '2', 'rate limit']);
  });

  test('say how many groups are new only where all are listed and there is a past', () => {
    expect(notes(groups(2), true)[2]).toBe('1 new in this range');
    expect(notes(groups(3), true)[2]).toBeUndefined();
    expect(notes(groups(2), false)[2]).toBeUndefined();
  });
});

describe('which groups are listed', () => {
  const open = { state: 'open', mine: false } as const;

  test('is in the URL, apart from the open ones, which are usual', () => {
    expect(errorsSearch({ decided: 'came_back', assigned: 'me' })).toEqual({
      decided: 'came_back',
      assigned: 'me',
    });
    for (const decided of ['open', 'fixed', 1, undefined]) {
      expect(errorsSearch({ decided, assigned: 'ada' })).toEqual({});
    }
  });

  test('is asked of the API, which lists all without a state', () => {
    expect(decidedFilter(open, 'ada')).toEqual({ state: 'open' });
    expect(decidedFilter({ state: 'all', mine: false }, 'ada')).toEqual({});
    expect(decidedFilter({ state: 'resolved', mine: true }, 'ada')).toEqual({
      state: 'resolved',
      assigneeId: 'ada',
    });
  });

  test('leaves out a number of closed groups, where the list has every open one', () => {
    const [all, listed] = [{ groupCount: 12 }, { groupCount: 9 }];
    expect(closedOf(all, listed, open)).toBe(3);
    expect(closedOf(listed, all, open)).toBe(0);
    expect(closedOf(all, listed, { ...open, mine: true })).toBeNull();
    expect(closedOf(all, listed, { ...open, state: 'resolved' })).toBeNull();
    expect(closedOf(undefined, listed, open)).toBeNull();
  });
});

test('a group is assigned to oneself first, to anyone else, or to nobody', () => {
  const people = [
    { id: 'a', name: 'Ada', email: 'ada@example.com' },
    { id: 'b', name: '', email: 'bob@example.com' },
  ];
  expect(peopleOptions(people, 'b').map(({ value, label }) => [value, label])).toEqual([
    ['b', 'bob@example.com (you)'],
    ['a', 'Ada'],
    ['', 'Nobody'],
  ]);
});

describe('the groups of an outage', () => {
  const counts = (of: Record<string, number>) => ({
    rows: [
      ...Object.entries(of).map(([error_group, steps_failed]) => ({ error_group, steps_failed })),
      { error_group: null, steps_failed: 0 },
    ],
  });

  test('are those of which most failed steps are of the connector while it was down', () => {
    const during = counts({ unavailable: 190, timeout: 5, both: 5, never: 0 });
    const all = counts({ unavailable: 191, timeout: 11, both: 10, never: 3, other: 40 });
    expect(groupsOf(during, all)).toEqual(['unavailable', 'both']);
  });

  test('outages are among what changed; one that is not over lasts until the end of the range', () => {
    const change = (id: string, more: object): Change =>
      ({ id, kind: 'connector_down', connector: 'hubspot', ...more }) as Change;
    const since = '2026-11-25T09:00:00Z';
    const until = '2026-11-25T12:00:00Z';
    const end = Date.parse('2026-11-26T00:00:00Z');
    const found = outagesOf(
      [
        change('over', { since, until, ongoing: false }),
        change('open', { since, until, ongoing: true }),
        change('slow', { since, until, kind: 'step_slower' }),
      ],
      end,
    );
    expect(found.map(({ id, until: over }) => [id, over])).toEqual([
      ['over', Date.parse(until)],
      ['open', end],
    ]);
  });
});
