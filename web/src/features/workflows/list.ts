import type { Change } from '@/api/changes';
import type { Row } from '@/api/types';
import type { Sort } from '@/components/DataTable';
import type { Answer } from '@/lib/answer';
import { LOCALE } from '@/words/locale';
import type { Family } from '../families';
import { nameOf, numberOf, textOf } from '../rows';
import type { CardQuery } from '../useCardQuery';
import type { View } from '../view';
import { shiftOf, type Period, type Shift } from './shift';
import { stateOf, worstOf, type StateName } from './state';

/** The most workflows that one answer has. */
export const MOST = 10_000;

/** The figures of every workflow of the range, and of the period before. */
export function listQuery(view: Pick<View, 'range' | 'compare'>): CardQuery {
  return {
    metrics: [
      'executions',
      'completed',
      'failed',
      'crashed',
      'duration_p50',
      'duration_p95',
      'durations',
      'duration_sum',
      'duration_stddev',
      'cost',
    ],
    dimensions: ['workflow'],
    orderBy: [{ metric: 'executions', direction: 'desc' }],
    limit: MOST,
    ...(view.range.kind === 'all' ? {} : { compare: view.compare ?? 'previous_period' }),
  };
}

/** The workflows that ran at all. */
export const namesQuery: CardQuery = {
  metrics: ['executions'],
  dimensions: ['workflow'],
  orderBy: [{ metric: 'executions', direction: 'desc' }],
  limit: MOST,
};

/** One workflow of the list; durations in milliseconds, success in percent, cost in US dollars. */
export interface Entry {
  id: string;
  name: string;
  state: StateName;
  executions: number;
  completed: number;
  decided: number;
  success: number | null;
  p50: number | null;
  p95: number | null;
  cost: number | null;
  shift: Shift | null;
  /** Whether it did not run in the period before; undefined if there is none to compare with. */
  isNew: boolean | undefined;
  /** Its ongoing changes. */
  changes: Change[];
  /** What the list is ordered by at first: -1 to 1, the worst largest. */
  weight: number;
}

/** A row of the list: a workflow, or a family of them with what they have together. */
export interface ListRow extends Entry {
  key: string;
  /** The members of a family, in the order of the list. */
  members?: Entry[];
  /** Whether the row is a member, shown under its family. */
  inFamily?: boolean;
}

function periodOf(row: Row | undefined): Period {
  const get = (metric: string): number => numberOf(row, metric) ?? 0;
  const failed = get('failed') + get('crashed');
  const [count, sum] = [get('durations'), numberOf(row, 'duration_sum')];
  return {
    failed,
    decided: failed + get('completed'),
    durations:
      count > 0 && sum !== null
        ? { count, mean: sum / count, deviation: get('duration_stddev') }
        : null,
  };
}

/** How much an ongoing change weighs at least, beside what the figures of the range say. */
const WEIGHTS: Partial<Record<Change['kind'], number>> = { workflow_silent: 1, cost_spike: 0.1 };
const LEAST_WEIGHT = 0.05;

function weightOf(shift: Shift | null, changes: Change[]): number {
  if (changes.length === 0) return shift?.weight ?? 0;
  return Math.max(shift?.weight ?? 0, ...changes.map(({ kind }) => WEIGHTS[kind] ?? LEAST_WEIGHT));
}

function entryOf(row: Row, past: Row | undefined, of: Context): Entry {
  const id = textOf(row, 'workflow') ?? '';
  const now = periodOf(row);
  const before = of.comparable ? periodOf(past) : undefined;
  const shift = before ? shiftOf(now, before, of.count) : null;
  const executions = numberOf(row, 'executions') ?? 0;
  const changes = of.changes.get(id) ?? [];
  const success = now.decided > 0 ? (100 * (now.decided - now.failed)) / now.decided : null;
  const facts = { executions, decided: now.decided, success, shift, changes };
  return {
    id,
    name: nameOf(of.answer, 'workflow', id),
    state: stateOf(facts),
    ...facts,
    completed: now.decided - now.failed,
    p50: numberOf(row, 'duration_p50'),
    p95: numberOf(row, 'duration_p95'),
    cost: numberOf(row, 'cost'),
    isNew: before && executions > 0 && (numberOf(past, 'executions') ?? 0) === 0,
    weight: weightOf(shift, changes),
  };
}

interface Context {
  answer: Answer;
  changes: Map<string, Change[]>;
  comparable: boolean;
  count: number;
}

/** The ongoing changes by workflow. */
function changesBy(changes: Change[]): Map<string, Change[]> {
  const found = new Map<string, Change[]>();
  for (const change of changes.filter(({ ongoing }) => ongoing)) {
    const all = change.workflow ? [change.workflow] : change.workflows;
    for (const { id } of all) found.set(id, [...(found.get(id) ?? []), change]);
  }
  return found;
}

/**
 * Every workflow of an answer, and those that ran only in the period before. No change is told against a period that
 * cannot be compared with.
 */
export function entriesOf(
  answer: Answer,
  before: Answer | undefined,
  changes: Change[],
  comparable: boolean,
): Entry[] {
  const past = new Map((answer.comparison ?? []).map((row) => [textOf(row, 'workflow'), row]));
  const rows = answer.rows.filter((row) => textOf(row, 'workflow') !== null);
  const listed = new Set(rows.map((row) => textOf(row, 'workflow')));
  // Where the answer is cut, what is missing may have run all the same.
  const whole = answer.rows.length >= answer.meta.groups;
  const gone = (whole && comparable ? (before?.rows ?? []) : []).filter(
    (row) => textOf(row, 'workflow') !== null && !listed.has(textOf(row, 'workflow')),
  );
  const of: Context = { answer, changes: changesBy(changes), comparable, count: rows.length };
  const names = before ? { ...of, answer: before } : of;
  return [
    ...rows.map((row) => entryOf(row, past.get(textOf(row, 'workflow')), of)),
    ...gone.map((row) => entryOf({ workflow: textOf(row, 'workflow') }, undefined, names)),
  ];
}

/** The value that a column sorts by. */
export const SORTS: Record<string, (row: Entry) => number | string | null> = {
  state: (row) => row.state,
  name: (row) => row.name,
  executions: (row) => row.executions,
  success: (row) => row.success,
  p50: (row) => row.p50,
  p95: (row) => row.p95,
  cost: (row) => row.cost,
  change: (row) => row.weight,
};

const sumOf = (values: (number | null)[]): number | null =>
  values.some((value) => value !== null)
    ? values.reduce<number>((sum, value) => sum + (value ?? 0), 0)
    : null;
const most = (values: (number | null)[]): number | null =>
  values.reduce((top, value) => (value !== null && value > (top ?? -Infinity) ? value : top), null);

/** What the members of a family have together. Percentiles cannot be added up: the longest stands for them. */
function rolledUp(id: string, name: string, members: Entry[]): ListRow {
  const worst = [...members].sort((a, b) => b.weight - a.weight)[0]!;
  const completed = members.reduce((sum, { completed: count }) => sum + count, 0);
  const decided = members.reduce((sum, { decided: count }) => sum + count, 0);
  return {
    key: `family ${id}`,
    id,
    name,
    members,
    state: worstOf(members.map(({ state }) => state)),
    executions: members.reduce((sum, { executions }) => sum + executions, 0),
    completed,
    decided,
    success: decided > 0 ? (100 * completed) / decided : null,
    p50: most(members.map(({ p50 }) => p50)),
    p95: most(members.map(({ p95 }) => p95)),
    cost: sumOf(members.map(({ cost }) => cost)),
    shift: worst.shift,
    isNew: members.some(({ isNew }) => isNew === undefined)
      ? undefined
      : members.every(({ isNew }) => isNew),
    changes: worst.changes,
    weight: worst.weight,
  };
}

const single = (entry: Entry): ListRow => ({ ...entry, key: `workflow ${entry.id}` });

/** Workflows as rows, those of a family as one. */
export function grouped(entries: Entry[], families: Family<Entry>[]): ListRow[] {
  const inFamily = new Set(families.flatMap(({ members }) => members));
  return [
    ...families.map(({ id, name, members }) => rolledUp(id, name, members)),
    ...entries.filter((entry) => !inFamily.has(entry)).map(single),
  ];
}

/** Workflows as rows, each on its own. */
export const flat = (entries: Entry[]): ListRow[] => entries.map(single);

/** How two rows are ordered; rows without a value go last in either direction, and equals by executions. */
export function compareBy({ by, direction }: Sort, rank: (state: StateName) => number) {
  const value = SORTS[by] ?? SORTS.change!;
  const sign = direction === 'asc' ? 1 : -1;
  return (a: Entry, b: Entry): number => {
    if (by === 'state')
      return sign * (rank(a.state) - rank(b.state)) || b.executions - a.executions;
    const [left, right] = [value(a), value(b)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    if (typeof left === 'string' || typeof right === 'string') {
      return sign * String(left).localeCompare(String(right), LOCALE, { numeric: true });
    }
    return sign * (left - right) || b.executions - a.executions;
  };
}

/** The rows in order, each unfolded family followed by its members. */
export function unfolded(
  rows: ListRow[],
  order: (a: Entry, b: Entry) => number,
  open: string[],
): ListRow[] {
  return [...rows].sort(order).flatMap((row) => {
    if (!row.members || !open.includes(row.id)) return [row];
    const members = [...row.members]
      .sort(order)
      .map((entry) => ({ ...single(entry), inFamily: true }));
    return [row, ...members];
  });
}
