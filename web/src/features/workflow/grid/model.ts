import type { Grid } from '@/api/workflow';
import { duration, multiple } from '@/lib/format';
import { dateTime, say, wallAt } from '@/lib/zone';
import { workflow as words } from '@/words';

const SAID = words.grid;

export type Execution = Grid['executions'][number];
export type Cell = NonNullable<Grid['cells'][number][number]>;

/** A row of the grid: a step, with a cell for each execution, the oldest first. */
export interface Row {
  id: string;
  name: string;
  cells: (Cell | null)[];
  /** The median of the step's durations in these executions; null if none was reported. */
  median: number | null;
}

/** A grid as it is drawn: time runs from left to right. */
export interface Drawn {
  executions: Execution[];
  rows: Row[];
  /** The longest duration of an execution; 0 if none has one. */
  longest: number;
}

function median(values: number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

/** Turns the newest-first answer of the API around. */
export function drawn(grid: Grid): Drawn {
  return {
    executions: [...grid.executions].reverse(),
    rows: grid.steps.map((step, at) => {
      const cells = [...(grid.cells[at] ?? [])].reverse();
      const times = cells.flatMap((cell) =>
        cell?.status === 'completed' && typeof cell.duration === 'number' ? [cell.duration] : [],
      );
      return { id: step.id, name: step.name ?? step.id, cells, median: median(times) };
    }),
    longest: Math.max(0, ...grid.executions.map((execution) => execution.duration ?? 0)),
  };
}

/** How long a step took compared with its median; null if that is not known. */
export function ratio(cell: Cell, row: Row): number | null {
  return typeof cell.duration === 'number' && row.median ? cell.duration / row.median : null;
}

/** How dark a cell is that took this many times its median: from 0.15 for up to it to 1 for eight times. */
export function darkness(times: number | null): number {
  if (times === null) return 0.15;
  return Math.min(1, 0.15 + (0.85 * Math.max(0, Math.log2(times))) / 3);
}

/** When an execution started, or was last heard of. */
export const momentOf = (execution: Execution): number =>
  Date.parse(execution.startedAt ?? execution.timestamp);

/** An execution in words. */
export function executionText(execution: Execution, zone: string): string {
  return [
    dateTime(momentOf(execution), zone),
    SAID.statuses[execution.status] ?? execution.status,
    execution.stale && SAID.stale,
    typeof execution.duration === 'number' && duration(execution.duration),
    execution.version && SAID.version(execution.version),
  ]
    .filter(Boolean)
    .join(', ');
}

/** A cell in words: how the step went, and in which execution. */
export function cellText(row: Row, cell: Cell | null, execution: Execution, zone: string): string {
  const where = SAID.of(row.name, dateTime(momentOf(execution), zone));
  if (!cell) return `${where}: ${SAID.notRun}`;
  const times = ratio(cell, row);
  const went = [
    SAID.statuses[cell.status] ?? cell.status,
    typeof cell.duration === 'number' && duration(cell.duration),
    times !== null && times >= 1.5 && SAID.typical(multiple(times, 1)),
    cell.attempts > 1 && SAID.attempts(cell.attempts),
    cell.runs > cell.attempts && SAID.times(cell.runs),
  ];
  return `${where}: ${went.filter(Boolean).join(', ')}`;
}

/** Neighbouring columns that have something in common, such as their version. */
export interface Band {
  label: string;
  /** Its first column, and how many it has. */
  from: number;
  count: number;
}

function bandsBy<T>(
  executions: Execution[],
  of: (execution: Execution) => T,
): (Band & { of: T })[] {
  const bands: (Band & { of: T })[] = [];
  executions.forEach((execution, column) => {
    const value = of(execution);
    const last = bands.at(-1);
    if (last?.of === value) last.count += 1;
    else bands.push({ of: value, label: '', from: column, count: 1 });
  });
  return bands;
}

/** The versions of the executions, from left to right; none if no execution reported one. */
export function versionBands(executions: Execution[]): Band[] {
  const bands = bandsBy(executions, ({ version }) => version ?? null);
  if (bands.every((band) => band.of === null)) return [];
  return bands.map(({ of, from, count }) => ({ label: of ?? '', from, count }));
}

/** A version that first ran at a moment (epoch milliseconds). */
interface Release {
  version: string;
  at: number;
}

/**
 * The columns with the first execution of a version, by version: of those that were released after the oldest execution
 * of the grid. Of others, the first execution is not in the grid.
 */
export function releaseColumns(executions: Execution[], releases: Release[]): Map<number, string> {
  const [oldest] = executions;
  const columns = new Map<number, string>();
  for (const { version, at } of releases) {
    const column = executions.findIndex((execution) => execution.version === version);
    if (oldest && column > 0 && at >= momentOf(oldest)) columns.set(column, version);
  }
  return columns;
}

/** How many columns the text of a day or an hour needs. */
const LEAST_COLUMNS = 3;
const DAY_MS = 86_400_000;

/** The days of the executions, or the hours if they all ran within a day; those that have no room join the one before. */
export function timeBands(executions: Execution[], zone: string): Band[] {
  const moments = executions.map(momentOf);
  const short = Math.max(...moments) - Math.min(...moments) < DAY_MS;
  const labelOf = (execution: Execution): string => {
    const wall = wallAt(momentOf(execution), zone);
    return short ? say.time({ ...wall, minute: 0 }) : say.day(wall);
  };
  const bands: Band[] = [];
  for (const { of: label, from, count } of bandsBy(executions, labelOf)) {
    const last = bands.at(-1);
    if (last && last.count < LEAST_COLUMNS) last.count += count;
    else bands.push({ label, from, count });
  }
  return bands;
}

/** The row of a step on the page of its execution: its last run, as far as that is known, otherwise its first. */
export const rowOf = (step: string, { runs, attempts }: Cell): string =>
  `${step}#${attempts > 1 ? 1 : Math.max(1, runs)}`;

/** The cell to which a key leads from another; null if the key leads nowhere. */
export function neighbour(
  [row, column]: [number, number],
  key: string,
  rows: number,
  columns: number,
): [number, number] | null {
  const moves: Record<string, [number, number]> = {
    ArrowUp: [row - 1, column],
    ArrowDown: [row + 1, column],
    ArrowLeft: [row, column - 1],
    ArrowRight: [row, column + 1],
    Home: [row, 0],
    End: [row, columns - 1],
    PageUp: [0, column],
    PageDown: [rows - 1, column],
  };
  const to = moves[key];
  if (!to) return null;
  return [Math.max(0, Math.min(rows - 1, to[0])), Math.max(0, Math.min(columns - 1, to[1]))];
}
