import { expect, test } from 'vitest';
import type { Grid } from '@/api/workflow';
import { cellText, darkness, drawn, executionText, neighbour, ratio } from './model';

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
