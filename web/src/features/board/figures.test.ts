import { describe, expect, it } from 'vitest';
import type { QueryResult, Row } from '@/api/types';
import { changeOf } from '@/components/Delta';
import { stepRows } from '../workflow/Steps';
import { periodsOf } from './Busiest';
import { statusSeries } from './series';
import { groupErrors } from './TopErrors';

function resultOf(rows: Row[], labels: QueryResult['labels'] = {}): QueryResult {
  return {
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

describe('statuses over time', () => {
  it('are stacked in their fixed order, without those that never occur or are hidden', () => {
    const result = resultOf([
      { completed: 5, failed: 1, crashed: 0, canceled: 0, waiting: 2, running: 0 },
      { completed: 6, failed: 0, crashed: 0, canceled: 0, waiting: 0, running: 1 },
    ]);
    const ids = (hidden: string[]) => statusSeries(result, new Set(hidden)).map((s) => s.id);
    expect(ids([])).toEqual(['completed', 'failed', 'waiting', 'running']);
    expect(ids(['failed'])).toEqual(['completed', 'waiting', 'running']);
  });

  it('the comparison is one grey line of all executions', () => {
    const result = { ...resultOf([{ completed: 5 }]), comparison: [{ executions: 4 }] };
    expect(statusSeries(result, new Set()).at(-1)).toMatchObject({
      comparison: true,
      kind: 'line',
      values: [4],
    });
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
    const days = periodsOf(result, 'day', 'Europe/Amsterdam');
    expect(days.map((day) => [day.executions, day.steps])).toEqual([
      [1, 2],
      [6, 12],
    ]);
    expect(days[1]?.start).toBe(Date.parse('2026-01-01T23:00:00Z'));
  });

  it('stay as they are if the query is by day', () => {
    const result = resultOf([hour('2026-01-01T23:00:00Z', 3)]);
    result.query.granularity = 'day';
    expect(periodsOf(result, 'day', 'Europe/Amsterdam')).toHaveLength(1);
  });
});
