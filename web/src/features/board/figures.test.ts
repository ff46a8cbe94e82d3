import { describe, expect, it } from 'vitest';
import type { MetricInfo, QueryResult, Row } from '@/api/types';
import { plotOf } from '@/components/chart/plot';
import { changeOf } from '@/components/Delta';
import type { Answer, Frame } from '@/lib/answer';
import { arrived } from '../useCardQuery';
import { orderWords, stepRows } from '../workflow/Steps';
import { periodsOf } from './Busiest';
import { mostCommon, outcome } from './Sentence';
import { chartData, figureSeries, statusSeries, trendOf } from './series';
import { groupErrors } from './TopErrors';

const DAY = 86_400_000;
const at = (text: string): number => Date.parse(text);

const frame: Frame = {
  range: { kind: 'last', last: '7d' },
  bounds: { from: at('2026-01-01T00:00:00Z'), to: at('2026-01-08T00:00:00Z') },
  extent: { first: at('2025-12-01T00:00:00Z'), newest: at('2026-01-08T00:00:00Z') },
  granularity: 'day',
  zone: 'UTC',
  compare: undefined,
  env: undefined,
  workflows: [],
};

function resultOf(rows: Row[], labels: QueryResult['labels'] = {}): Answer {
  return {
    frame,
    question: '',
    at: at('2026-01-09T00:00:00Z'),
    query: {
      metrics: [],
      dimensions: [],
      filters: [],
      orderBy: [],
      range: { from: '', to: '' },
      timezone: 'UTC',
    },
    rows,
    labels,
    meta: {
      source: '',
      rowsRead: 0,
      elapsedMs: 0,
      groups: 0,
      cached: false,
      completeness: { newestEvent: null, sources: [], gaps: [], completeUntil: null },
    },
  };
}

describe('changes', () => {
  it('counts change in percent, percentages in points', () => {
    expect(changeOf(150, 100, 'count')).toBe(50);
    expect(changeOf(98, 96.5, 'percent')).toBe(1.5);
  });

  it('need a previous figure other than zero', () => {
    expect(changeOf(10, 0, 'count')).toBeNull();
    expect(changeOf(0, 0, 'count')).toBe(0);
    expect(changeOf(null, 10, 'count')).toBeNull();
    expect(changeOf(10, null, 'milliseconds')).toBeNull();
  });
});

describe('errors', () => {
  const errors: QueryResult = {
    ...resultOf([
      { error_type: 'Timeout', workflow: 'b', errors: 4 },
      { error_type: null, workflow: 'a', errors: 2 },
      { error_type: 'Never', workflow: 'a', errors: 0 },
    ]),
    other: {
      rows: [
        { error_type: null, groups: 1, errors: 1 },
        { error_type: 'Timeout', groups: 212, errors: 171 },
        { groups: 5, errors: 22 },
      ],
    },
  };

  it('are summed over all places, with the place that has the most', () => {
    const { groups } = groupErrors(errors, 'workflow');
    expect(groups.map((group) => [group.type, group.count, group.place, group.places])).toEqual([
      ['Timeout', 175, 'b', 213],
      ['No error type', 3, 'a', 2],
    ]);
  });

  it('name the most common one isolated, so that marks in a name do not reorder the sentence', () => {
    const [first] = groupErrors(errors, 'workflow').groups;
    expect(mostCommon({ ...errors, labels: { workflow: { b: 'B\u202E' } } }, first!)).toMatch(
      /^\u2068Timeout\u2069, \d+ in \u2068B\u202E\u2069$/,
    );
  });

  it('have shares of all errors, including those of other types', () => {
    const { groups, rest } = groupErrors(errors, 'workflow');
    expect(groups.map((group) => group.share)).toEqual([175 / 200, 3 / 200]);
    expect(rest).toEqual({ count: 22, share: 22 / 200 });
    expect(groupErrors({ ...errors, other: undefined }, 'workflow').rest).toBeNull();
  });
});

describe('steps', () => {
  it('have a share of the time of all steps, and no total if none was timed', () => {
    const rows = stepRows(
      resultOf(
        [
          { step: 'fetch', step_type: 'http', step_duration_p50: 7, step_duration_sum: 750 },
          { step: 'send', step_type: 'http', step_duration_p50: 2, step_duration_sum: 250 },
          { step: 'mark', step_type: null, step_duration_p50: null, step_duration_sum: 0 },
        ],
        { step: { fetch: 'Fetch records' } },
      ),
    );
    expect(rows.map((row) => [row.name, row.total, row.share])).toEqual([
      ['Fetch records', 750, 0.75],
      ['send', 250, 0.25],
      ['mark', null, 0],
    ]);
  });
});

describe('the order of the steps', () => {
  it('is named as the table is sorted', () => {
    const words = (by: string, direction: 'asc' | 'desc') => orderWords({ by, direction });
    expect(words('p95', 'desc')).toBe('slowest first');
    expect(words('p95', 'asc')).toBe('fastest first');
    expect(words('runs', 'desc')).toBe('by runs, largest first');
    expect(words('name', 'asc')).toBe('by step, A first');
    expect(words('no such column', 'asc')).toBeUndefined();
  });
});

describe('statuses over time', () => {
  it('are stacked in their fixed order, without those that never occur or are hidden', () => {
    const result = resultOf([
      {
        time: '2026-01-01T00:00:00Z',
        completed: 5,
        failed: 1,
        crashed: 0,
        canceled: 0,
        waiting: 2,
        running: 0,
      },
      {
        time: '2026-01-02T00:00:00Z',
        completed: 6,
        failed: 0,
        crashed: 0,
        canceled: 0,
        waiting: 0,
        running: 1,
      },
    ]);
    const ids = (hidden: string[]) => statusSeries(result, hidden).map((s) => s.id);
    expect(ids([])).toEqual(['completed', 'failed', 'waiting', 'running']);
    expect(ids(['failed'])).toEqual(['completed', 'waiting', 'running']);
  });

  it('the comparison is one grey line of all executions, if the period can be compared with', () => {
    const result: Answer = {
      ...resultOf([{ time: '2026-01-01T00:00:00Z', completed: 5 }]),
      comparison: [{ time: '2025-12-25T00:00:00Z', executions: 4 }],
    };
    expect(statusSeries(result, [], { possible: true }).at(-1)).toMatchObject({
      comparison: true,
      kind: 'line',
      values: [4],
    });
    for (const not of [undefined, { possible: false, reason: '' } as const]) {
      expect(statusSeries(result, [], not).some((series) => series.comparison)).toBe(false);
    }
  });
});

describe('buckets', () => {
  const days = (first: string, counts: number[]): Row[] =>
    counts.map((executions, day) => ({
      time: new Date(at(first) + day * DAY).toISOString(),
      executions,
    }));

  it('before the first event, not begun, or empty while a source was silent, are gaps and not 0', () => {
    const result = resultOf(days('2026-01-01T00:00:00Z', [0, 0, 3, 0, 0, 5, 0]));
    result.frame = { ...frame, extent: { first: at('2026-01-02T15:00:00Z'), newest: 0 } };
    result.at = at('2026-01-06T12:00:00Z');
    const gap = { from: '2026-01-04T00:00:00Z', to: '2026-01-05T06:00:00Z' };
    result.meta.completeness.gaps = [{ source: 'engine', ...gap }];
    expect(trendOf(result, 'executions').values).toEqual([null, 0, 3, null, 0, 5, null]);
  });

  it('of a comparison are gaps by the same rule', () => {
    const result: Answer = {
      ...resultOf(days('2026-01-01T00:00:00Z', [1, 1, 1])),
      comparison: days('2025-12-29T00:00:00Z', [0, 0, 4]),
    };
    result.frame = { ...frame, extent: { first: at('2025-12-30T09:00:00Z'), newest: 0 } };
    const line = statusSeries(result, [], { possible: true }).at(-1);
    expect(line?.values).toEqual([null, 0, 4]);
  });

  it('about which nothing is known have no bar and no point in the main chart', () => {
    const result = resultOf(days('2026-01-01T00:00:00Z', [0, 3, 4]));
    result.frame = { ...frame, extent: { first: at('2026-01-02T09:00:00Z'), newest: 0 } };
    const metric = { name: 'executions', label: 'Executions', unit: 'count' } as MetricInfo;
    const drawn = (over: Partial<MetricInfo>) => {
      const list = figureSeries(result, { ...metric, ...over });
      return plotOf(chartData(result, 'count', list), 400, 200, false);
    };
    expect(figureSeries(result, metric)[0]?.values).toEqual([null, 3, 4]);
    expect(drawn({}).bars[0]?.path.split('M')).toHaveLength(3);
    expect(drawn({ unit: 'percent' }).lines[0]?.path.split(/[ML]/)).toHaveLength(3);
  });

  it('that are not over are the open end of a trend', () => {
    const result = resultOf(days('2026-01-01T00:00:00Z', [1, 1, 1]));
    result.query.granularity = 'day';
    result.at = at('2026-01-03T12:00:00Z');
    expect(trendOf(result, 'executions').openFrom).toBe(2);
    result.meta.completeness.completeUntil = '2026-01-02T06:00:00Z';
    expect(trendOf(result, 'executions').openFrom).toBe(1);
  });

  it('carry what was asked: the zone, the range and the width are those of the answer', () => {
    const result = resultOf(days('2026-01-01T00:00:00Z', [1]));
    result.query.granularity = 'hour';
    const data = chartData(result, 'count', []);
    expect(data).toMatchObject({ granularity: 'hour', zone: 'UTC', range: frame.bounds });
    expect(data.end).toBe(at('2026-01-01T01:00:00Z'));
  });

  it('that have not begun are left out of a range up to the present, and only of such a range', () => {
    const result = resultOf(days('2026-01-01T00:00:00Z', [1, 1, 0]));
    result.query.granularity = 'day';
    const asked = { frame, question: '', at: at('2026-01-02T12:00:00Z') };
    expect(arrived(result, asked).rows).toHaveLength(2);
    const past: Frame = { ...frame, range: { kind: 'absolute', ...frame.bounds } };
    expect(arrived(result, { ...asked, frame: past }).rows).toHaveLength(3);
  });
});

describe('busy days', () => {
  const hour = (time: string, executions: number): Row => ({
    time,
    executions,
    steps: 2 * executions,
    activities: 0,
  });

  it('are the sums of their hours, in the time zone', () => {
    // Midnight in Amsterdam is 23:00 UTC.
    const result = resultOf([
      hour('2026-01-01T22:00:00Z', 1),
      hour('2026-01-01T23:00:00Z', 2),
      hour('2026-01-02T22:00:00Z', 4),
    ]);
    result.query.granularity = 'hour';
    result.frame = { ...frame, zone: 'Europe/Amsterdam' };
    result.at = at('2026-01-03T12:00:00Z');
    const days = periodsOf(result, 'day');
    expect(days.map((day) => [day.executions, day.steps])).toEqual([
      [1, 2],
      [6, 12],
    ]);
    expect(days.map((day) => day.open)).toEqual([false, false]);
    result.at = at('2026-01-02T22:30:00Z');
    expect(periodsOf(result, 'day').map((day) => [day.open, day.over])).toEqual([
      [false, true],
      [true, false],
    ]);
    expect(days[1]?.start).toBe(Date.parse('2026-01-01T23:00:00Z'));
  });

  it('before the first event are not known', () => {
    const result = resultOf([hour('2026-01-01T12:00:00Z', 0), hour('2026-01-02T12:00:00Z', 4)]);
    result.query.granularity = 'hour';
    result.frame = { ...frame, extent: { first: at('2026-01-02T09:00:00Z'), newest: 0 } };
    expect(periodsOf(result, 'day')).toHaveLength(1);
  });

  it('stay as they are if the query is by day', () => {
    const result = resultOf([hour('2026-01-01T23:00:00Z', 3)]);
    result.query.granularity = 'day';
    expect(periodsOf(result, 'day')).toHaveLength(1);
  });
});

describe('the sentence of a page', () => {
  const said = (row: Row): string => outcome(resultOf([row])).replaceAll('\u00a0', ' ');

  it('says of which executions the rate is one, if not of all', () => {
    const row = { completed: 970, failed: 30, crashed: 0, success_rate: 97 };
    expect(said({ ...row, executions: 1000 })).toBe(
      '97.0 % of 1,000 executions completed in the last 7 days.',
    );
    expect(said({ ...row, executions: 1010, canceled: 10 })).toBe(
      'Of 1,000 executions that completed or failed in the last 7 days, 97.0 % completed.',
    );
  });
});
