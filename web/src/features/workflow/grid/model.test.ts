import { expect, test } from 'vitest';
import type { Grid } from '@/api/workflow';
import {
  cellText,
  darkness,
  drawn,
  executionText,
  neighbour,
  ratio,
  releaseColumns,
  rowOf,
  timeBands,
  versionBands,
  type Execution,
} from './model';

const cell = (duration: number | null, more = {}) => ({
  status: 'completed',
  duration,
  attempts: 1,
  runs: 1,
  ...more,
});

/** Two executions, the newest first, as the API has them. */
const GRID = {
  executions: [
    {
      id: 'new',
      status: 'failed',
      stale: false,
      timestamp: '2026-11-27T10:01:00Z',
      startedAt: '2026-11-27T10:00:00Z',
      duration: 60_000,
      version: '9',
    },
    {
      id: 'old',
      status: 'completed',
      stale: false,
      timestamp: '2026-11-26T10:00:00Z',
      startedAt: null,
      duration: null,
      version: null,
    },
  ],
  steps: [
    { id: 'a', name: 'First', type: null },
    { id: 'b', name: null, type: null },
  ],
  cells: [
    [cell(4000, { attempts: 2, runs: 3 }), cell(1000)],
    [null, cell(null)],
  ],
} as unknown as Grid;

const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

test('time runs from left to right', () => {
  const { executions, rows, longest } = drawn(GRID);
  expect(executions.map(({ id }) => id)).toEqual(['old', 'new']);
  expect(rows.map(({ name }) => name)).toEqual(['First', 'b']);
  expect(rows[0]?.cells.map((entry) => entry?.duration)).toEqual([1000, 4000]);
  expect(rows.map((row) => row.median)).toEqual([2500, null]);
  expect(longest).toBe(60_000);
});

test('a cell says how the step went, and against what', () => {
  const { executions, rows } = drawn(GRID);
  const [, newest] = executions;
  const [first, second] = rows;
  expect(plain(cellText(first!, first!.cells[1]!, newest!, 'UTC'))).toBe(
    'First in the execution of 27 Nov 2026, 10:00: completed, 4.00 s, 1.6 × its median here, 2 attempts, ran 3 times',
  );
  expect(cellText(second!, null, newest!, 'UTC')).toContain(': not run');
  expect(plain(executionText(newest!, 'UTC'))).toBe('27 Nov 2026, 10:00, failed, 1 m, version 9');
});

test('cells are darker the longer they took, and at most black', () => {
  expect(darkness(null)).toBe(0.15);
  expect(darkness(0.5)).toBe(0.15);
  expect(darkness(2)).toBeGreaterThan(darkness(1.5));
  expect(darkness(8)).toBeCloseTo(1);
  expect(darkness(100)).toBe(1);
  const [row] = drawn(GRID).rows;
  expect(ratio(row!.cells[1]!, row!)).toBe(1.6);
});

test('keys move inside the grid and stop at its edges', () => {
  const at = (key: string) => neighbour([1, 1], key, 3, 4);
  expect(at('ArrowUp')).toEqual([0, 1]);
  expect(at('ArrowRight')).toEqual([1, 2]);
  expect(at('Home')).toEqual([1, 0]);
  expect(at('End')).toEqual([1, 3]);
  expect(at('PageDown')).toEqual([2, 1]);
  expect(at('Enter')).toBeNull();
  expect(neighbour([0, 0], 'ArrowLeft', 3, 4)).toEqual([0, 0]);
});

const run = (version: string | null, startedAt: string): Execution => ({
  id: startedAt,
  status: 'completed',
  stale: false,
  timestamp: startedAt,
  startedAt,
  duration: 1,
  version,
});

test('neighbouring executions of one version share a band', () => {
  const runs = ['8', '8', null, '9'].map((version) => run(version, '2026-11-27T10:00:00Z'));
  expect(versionBands(runs)).toEqual([
    { label: '8', from: 0, count: 2 },
    { label: '', from: 2, count: 1 },
    { label: '9', from: 3, count: 1 },
  ]);
  expect(versionBands([run(null, '2026-11-27T10:00:00Z')])).toEqual([]);
});

test('a release is marked at its first execution, unless that is older than the grid', () => {
  const runs = ['8', '7', '9', '8'].map((version, hour) =>
    run(version, `2026-11-27T1${hour}:00:00Z`),
  );
  const at = (hour: string): number => Date.parse(`2026-11-27T${hour}:00Z`);
  const releases = [
    { version: '7', at: at('09:59') },
    { version: '8', at: at('10:00') },
    { version: '9', at: at('12:00') },
    { version: '10', at: at('13:00') },
  ];
  expect(releaseColumns(runs, releases)).toEqual(new Map([[2, '9']]));
  expect(releaseColumns([], releases)).toEqual(new Map());
});

test('days, or the hours of one day, stand above the executions where there is room', () => {
  const days = [25, 25, 25, 26, 26, 26, 27, 27].map((day) => run('8', `2026-11-${day}T10:00:00Z`));
  expect(timeBands(days, 'UTC')).toEqual([
    { label: '25 Nov', from: 0, count: 3 },
    { label: '26 Nov', from: 3, count: 3 },
    { label: '27 Nov', from: 6, count: 2 },
  ]);
  const daily = [1, 2, 3, 4, 5, 6, 7].map((day) => run('8', `2026-11-0${day}T10:00:00Z`));
  expect(timeBands(daily, 'UTC').map(({ label, count }) => [label, count])).toEqual([
    ['1 Nov', 3],
    ['4 Nov', 3],
    ['7 Nov', 1],
  ]);
  const hours = [10, 10, 10, 11].map((hour) => run('8', `2026-11-27T${hour}:30:00Z`));
  expect(timeBands(hours, 'Asia/Kolkata').map(({ label }) => label)).toEqual(['16:00', '17:00']);
});

test('a cell leads to the last run of its step, or to the first if retries hide which is the last', () => {
  expect(rowOf('ask', cell(1))).toBe('ask#1');
  expect(rowOf('ask', cell(1, { runs: 4 }))).toBe('ask#4');
  expect(rowOf('ask', cell(1, { runs: 4, attempts: 2 }))).toBe('ask#1');
});
