import { describe, expect, it } from 'vitest';
import type { Row } from '@/api/types';
import { answerOf } from '../answer.fixture';
import { changeOf, SILENCE } from '../changes/fixture';
import { familiesOf } from '../families';
import { toldOf } from './ChangeCell';
import { familiesByValue, valuesOf, valuesQuery } from './dimension';
import { compareBy, entriesOf, flat, grouped, unfolded, type Entry } from './list';
import { listSearch } from './search';
import { shiftOf, type Period } from './shift';
import { STATES, stateOf } from './state';
import { trendGranularity, Trends } from './trends';

interface Figures {
  completed?: number;
  failed?: number;
  mean?: number;
}

const workflow = (
  id: string,
  { completed = 980, failed = 20, mean = 1000 }: Figures = {},
): Row => ({
  workflow: id,
  executions: completed + failed,
  completed,
  failed,
  crashed: 0,
  durations: completed,
  duration_sum: completed * mean,
  duration_stddev: 300,
  duration_p50: mean,
  duration_p95: 2 * mean,
  cost: 1,
});

const rank = (state: Entry['state']): number => STATES.indexOf(state);
const byChange = compareBy({ by: 'change', direction: 'desc' }, rank);

function entries(now: Row[], before: Row[], changes = [SILENCE].slice(1)): Entry[] {
  const past = answerOf(before);
  return entriesOf(answerOf(now, { comparison: before }), past, changes, true);
}

const find = (all: Entry[], id: string): Entry => all.find((entry) => entry.id === id)!;

describe('the state of a workflow', () => {
  const facts = { executions: 100, decided: 100, success: 99, shift: null, changes: [] };

  it('is one word: the most serious of what is known', () => {
    expect(stateOf(facts)).toBe('healthy');
    expect(stateOf({ ...facts, success: 94.9 })).toBe('degraded');
    expect(stateOf({ ...facts, success: 79.9 })).toBe('failing');
    expect(stateOf({ ...facts, decided: 4, success: 0 })).toBe('unknown');
    expect(stateOf({ ...facts, executions: 0 })).toBe('idle');
    expect(stateOf({ ...facts, executions: 0, changes: [SILENCE] })).toBe('silent');
    expect(stateOf({ ...facts, changes: [changeOf()] })).toBe('slower');
    expect(stateOf({ ...facts, success: 50, changes: [changeOf()] })).toBe('failing');
  });
});

describe('a shift', () => {
  const period = (mean: number, failed = 10, decided = 1000): Period => ({
    durations: { count: 1000, mean, deviation: 300 },
    failed,
    decided,
  });

  it('is the worst that chance does not explain, as the part of the work that it spoils', () => {
    const slower = shiftOf(period(2000), period(1000), 1);
    expect(slower).toMatchObject({ kind: 'slower', size: 2, before: 1000, now: 2000 });
    expect(slower!.weight).toBeGreaterThan(0.45);
    expect(slower!.weight).toBeLessThan(0.5);
    const failing = shiftOf(period(2000, 700), period(1000), 1);
    expect(failing).toMatchObject({ kind: 'failing', before: 1, now: 70 });
    expect(shiftOf(period(1010), period(1000), 500)).toBeNull();
  });

  it('is an improvement only if nothing got worse', () => {
    expect(shiftOf(period(500), period(1000), 1)).toMatchObject({ kind: 'faster', size: 2 });
    expect(shiftOf(period(500, 200), period(1000, 10), 1)).toMatchObject({ kind: 'failing' });
    expect(shiftOf(period(1000, 10), period(1000, 400), 1)).toMatchObject({ kind: 'recovering' });
  });

  it('needs enough runs on both sides', () => {
    const few: Period = {
      durations: { count: 19, mean: 9000, deviation: 1 },
      failed: 19,
      decided: 19,
    };
    expect(shiftOf(few, period(1000), 1)).toBeNull();
    expect(shiftOf(period(1000), few, 1)).toBeNull();
  });
});

describe('the list', () => {
  const now = [
    workflow('steady'),
    workflow('slower', { mean: 2000 }),
    workflow('broken', { completed: 300, failed: 700 }),
    workflow('better', { mean: 500 }),
    workflow('young'),
  ];
  const before = [...['steady', 'slower', 'broken', 'better', 'gone'].map((id) => workflow(id))];

  it('has the worst change first, improvements after what is steady', () => {
    const all = entries(now, before).sort(byChange);
    const ids = all.map(({ id }) => id);
    expect(ids.slice(0, 2)).toEqual(['broken', 'slower']);
    expect(ids.at(-1)).toBe('better');
    expect(toldOf(find(all, 'slower')).text).toBe('2.0\u00a0× slower');
    expect(toldOf(find(all, 'broken')).text).toBe('68.0\u00a0pt more fail');
    expect(toldOf(find(all, 'steady')).text).toBe('steady');
    expect(toldOf(find(all, 'young')).text).toBe('new');
  });

  it('has what ran before and does not run now', () => {
    const all = entries(now, before);
    expect(find(all, 'gone')).toMatchObject({ state: 'idle', executions: 0 });
    expect(toldOf(find(all, 'gone')).text).toBe('stopped');
    const silence = { ...SILENCE, workflow: { id: 'gone', name: 'gone' }, workflows: [] };
    const silent = find(entries(now, before, [silence]), 'gone');
    expect([silent.state, silent.weight]).toEqual(['silent', 1]);
  });

  it('tells no change without a period to compare with', () => {
    const all = entriesOf(answerOf(now, { comparison: before }), answerOf(before), [], false);
    expect(all.map((entry) => toldOf(entry).text)).toEqual(now.map(() => '–'));
    expect(all.map(({ id }) => id)).not.toContain('gone');
  });

  it('adds up what members of a family have, and unfolds them below it', () => {
    const family = [
      workflow('order-sync-emea', { mean: 2000 }),
      workflow('order-sync-apac', { completed: 480 }),
      workflow('stock-emea'),
      workflow('other'),
    ];
    const past = ['order-sync-emea', 'order-sync-apac', 'stock-emea', 'other'].map((id) =>
      workflow(id),
    );
    const all = entries(family, past);
    const rows = grouped(all, familiesOf(all));
    const row = rows.find(({ members }) => members)!;
    expect(row).toMatchObject({ name: 'order-sync', executions: 1500, p50: 2000, cost: 2 });
    expect(row.success).toBeCloseTo((100 * 1460) / 1500, 6);
    expect(row.shift).toMatchObject({ kind: 'slower' });
    const folded = unfolded(rows, byChange, []);
    expect(folded.map(({ name }) => name)).toEqual(['order-sync', 'stock-emea', 'other']);
    const open = unfolded(rows, byChange, [row.id]).map(({ id }) => id);
    expect(open.slice(1, 3)).toEqual(['order-sync-emea', 'order-sync-apac']);
    expect(new Set(unfolded(rows, byChange, [row.id]).map(({ key }) => key)).size).toBe(5);
    expect(flat(entries(family, past))).toHaveLength(4);
  });

  it('puts rows without a value last, whatever the direction', () => {
    const all = entries([workflow('a'), { workflow: 'b', executions: 3 }], []);
    for (const direction of ['asc', 'desc'] as const) {
      const ids = [...all].sort(compareBy({ by: 'p95', direction }, rank)).map(({ id }) => id);
      expect(ids).toEqual(['a', 'b']);
    }
  });

  it('keeps valid parameters of the URL only', () => {
    expect(listSearch({ open: 'x', rows: '100', state: 'failing', group: 'off' })).toEqual({
      open: ['x'],
      rows: '100',
      state: 'failing',
      group: 'off',
    });
    expect(Object.values(listSearch({ rows: '-1', state: 'great', group: 'on' }))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('workflows grouped by a dimension', () => {
  const row = (id: string, value: string, executions: number): Row => ({
    workflow: id,
    'metadata.client': value,
    executions,
  });
  const values = valuesOf(
    { rows: [row('a', 'Acme', 10), row('b', 'Bolt', 5), row('c', 'Acme', 3), row('a', 'Bolt', 9)] },
    'metadata.client',
  );

  it('belong to the value that most of their executions have', () => {
    expect([...values]).toEqual([
      ['a', 'Acme'],
      ['b', 'Bolt'],
      ['c', 'Acme'],
    ]);
  });

  it('are families by value, and stand alone without one', () => {
    const all = entries(
      ['a', 'b', 'c', 'd'].map((id) => workflow(id)),
      [],
    );
    const families = familiesByValue(all, values);
    expect(families.map(({ id, members }) => [id, members.map((of) => of.id)])).toEqual([
      ['Acme', ['a', 'c']],
      ['Bolt', ['b']],
    ]);
    const rows = grouped(all, families);
    expect(rows.map(({ name, executions }) => [name, executions])).toEqual([
      ['Acme', 2000],
      ['Bolt', 1000],
      ['d', 1000],
    ]);
  });

  it('are asked for in one question, a row for each workflow', () => {
    expect(valuesQuery('metadata.client')).toMatchObject({
      dimensions: ['workflow', 'metadata.client'],
      filters: [{ dimension: 'metadata.client', op: 'not_in', values: [null] }],
      limitEach: 1,
    });
    expect(listSearch({ group: 'metadata.client' }).group).toBe('metadata.client');
  });
});

describe('trends', () => {
  it('have gaps of no executions as 0, none before the data, and an open end', () => {
    const day = (date: string, id: string, executions: number): Row => ({
      time: `${date}T00:00:00Z`,
      workflow: id,
      executions,
    });
    const answer = answerOf(
      [
        day('2025-11-28', 'a', 0),
        day('2026-01-06', 'a', 5),
        day('2026-01-06', 'b', 1),
        day('2026-01-07', 'b', 2),
        day('2026-01-09', 'a', 3),
      ],
      { granularity: 'day' },
    );
    const trends = new Trends(answer);
    const [a, b] = entries([workflow('a'), workflow('b')], []);
    const row = { ...a!, key: 'family' };
    expect(trends.of({ ...row, members: [a!, b!] })).toEqual({ values: [6, 2, 3], openFrom: 2 });
    expect(trends.of(row)).toEqual({ values: [5, 0, 3], openFrom: 2 });
    expect(trends.of({ ...row, id: 'c' })).toBeUndefined();
  });

  it('are as fine as a sparkline can show', () => {
    const DAY = 86_400_000;
    expect([DAY, 30 * DAY, 365 * DAY].map(trendGranularity)).toEqual(['hour', 'day', 'month']);
  });
});
