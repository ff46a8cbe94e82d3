import type { ExecutionDetail, RelatedExecution, StepBar, Timeline } from '@/api/executions';

/** The id of the item of a called execution. */
export const rowOfCall = (execution: string): string => `execution:${execution}`;

/** A stretch of time, in milliseconds since the start of the page's execution. */
export interface Span {
  start: number;
  end: number;
}

/** Time before a step in which nothing ran: while the execution said that it waited, or without a reason. */
export interface Wait extends Span {
  why: 'waiting' | 'idle';
}

/** One attempt of a step. */
export interface Attempt extends Span {
  bar: StepBar;
}

/** What a waterfall shows: a run of a step with its attempts, all runs of a step, or an execution that was called. */
export interface Item extends Span {
  /** Unique in the waterfall, and the same at every refresh. */
  id: string;
  /** The item that it is part of; null at the top. */
  parent: string | null;
  kind: 'step' | 'group' | 'execution';
  name: string;
  type: string | null;
  status: string;
  critical: boolean;
  /** The attempts of a step, the last of which counts; empty for anything else. */
  attempts: Attempt[];
  /** How much of its time it waited for a person or for a time instead of working, in milliseconds. */
  waited: number;
  wait: Wait | null;
  /** Of an execution: its id, or null if only the producer knows it. */
  execution?: string | null;
  /** Of a group: how many runs it has. */
  runs?: number;
}

/** The status of a group: the worst of its runs. */
const WORST = ['failed', 'skipped', 'completed'];

/**
 * The runs of steps among the bars of a timeline. An attempt belongs to the newest run of its step, if that has fewer
 * attempts and had ended when this one began; otherwise it is a run of its own.
 */
export function runsOf(bars: StepBar[], shift: number, prefix: string): Item[] {
  const newest = new Map<string, Item>();
  const counts = new Map<string, number>();
  const runs: Item[] = [];
  for (const bar of [...bars].sort((a, b) => a.offset - b.offset || a.attempt - b.attempt)) {
    const start = shift + bar.offset;
    const end = Math.max(start, start + (Date.parse(bar.end) - Date.parse(bar.start)));
    const attempt: Attempt = { bar, start, end };
    const run = newest.get(bar.stepId);
    const before = run?.attempts.at(-1);
    if (run && before && before.bar.attempt < bar.attempt && before.end <= start) {
      run.attempts.push(attempt);
      run.end = end;
      run.status = bar.status;
      run.waited += bar.waitDuration ?? 0;
      run.critical ||= bar.isCritical;
      continue;
    }
    const occurrence = (counts.get(bar.stepId) ?? 0) + 1;
    counts.set(bar.stepId, occurrence);
    const created: Item = {
      id: `${prefix}${bar.stepId}#${occurrence}`,
      parent: null,
      kind: 'step',
      name: bar.stepName ?? bar.stepId,
      type: bar.stepType ?? null,
      status: bar.status,
      critical: bar.isCritical,
      attempts: [attempt],
      waited: bar.waitDuration ?? 0,
      wait: null,
      start,
      end,
    };
    newest.set(bar.stepId, created);
    runs.push(created);
  }
  return runs;
}

/** The runs, each with the run that contains it as its parent. */
export function nested(runs: Item[]): Item[] {
  const places = placesOf(runs);
  return runs.map((run) => {
    const bar = run.attempts[0]?.bar;
    const parent = bar?.parentOccurrence != null && `${bar.parentStepId}#${bar.parentOccurrence}`;
    return { ...run, parent: (parent && places.get(parent)) || null };
  });
}

/** When an execution said that it was waiting, moved by `shift`. */
export const waitsOf = ({ waits = [] }: Pick<Timeline, 'waits'>, shift: number): Span[] =>
  waits.map(({ offset, duration }) => ({ start: shift + offset, end: shift + offset + duration }));

/** Says of each run how long nothing had run when it began. `from` is the start of the execution. */
export function withWaits(runs: Item[], from: number, waits: Span[]): Item[] {
  let busyUntil = from;
  // Of those that begin together, the longest waited: it may contain the others.
  return [...runs]
    .sort((a, b) => a.start - b.start || b.end - a.end)
    .map((run) => {
      const gap = { start: busyUntil, end: run.start };
      busyUntil = Math.max(busyUntil, run.end);
      if (gap.end <= gap.start) return run;
      const said = waits.some((wait) => wait.start < gap.end && wait.end > gap.start);
      return { ...run, wait: { ...gap, why: said ? 'waiting' : 'idle' } };
    });
}

/** Runs of the same step in the same item under an item for the step, if it ran more than once there. */
export function grouped(runs: Item[], prefix: string): Item[] {
  const byStep = new Map<string, Item[]>();
  for (const run of runs) {
    const within = run.parent === null ? prefix : `${run.parent}/`;
    const step = `${within}${run.attempts[0]?.bar.stepId ?? run.id}`;
    const members = byStep.get(step);
    if (members) members.push(run);
    else byStep.set(step, [run]);
  }
  return [...byStep].flatMap(([step, members]) => {
    const [first] = members;
    if (!first || members.length === 1) return members;
    const id = `${step}*`;
    const status = WORST.find((word) => members.some((run) => run.status === word));
    const group: Item = {
      ...first,
      id,
      kind: 'group',
      status: status ?? first.status,
      critical: members.some((run) => run.critical),
      attempts: [],
      waited: members.reduce((sum, run) => sum + run.waited, 0),
      wait: null,
      start: members.reduce((start, run) => Math.min(start, run.start), first.start),
      end: members.reduce((end, run) => Math.max(end, run.end), first.end),
      runs: members.length,
    };
    return [group, ...members.map((run) => ({ ...run, parent: id }))];
  });
}

/** The least part of a cost that is not an error of rounding. */
const LEAST_SHARE = 1e-6;

/** What of an execution's costs (US dollars) none of its steps has; null if that is nothing, or not all steps are known. */
export function costOfNoStep({
  costs,
  timeline,
}: Pick<ExecutionDetail, 'costs' | 'timeline'>): number | null {
  if (timeline.truncated) return null;
  const rest = timeline.steps.reduce((sum, { cost }) => sum - (cost ?? 0), costs.totalCost);
  return rest > costs.totalCost * LEAST_SHARE ? rest : null;
}

/** How an execution's steps are arranged. */
export interface Arrangement {
  /** Runs of the same step are put together. */
  byStep: boolean;
  /** The details of the called executions that have been loaded, by id. */
  loaded: ReadonlyMap<string, ExecutionDetail>;
  /** The present (epoch milliseconds), up to which open executions are drawn. */
  now: number;
}

/** The items of an execution: its steps, and the executions that it called with what has been loaded of them. */
export function itemsOf(detail: ExecutionDetail, arrangement: Arrangement): Item[] {
  const zero = zeroOf(detail);
  return within(detail, zero, arrangement, null, new Set([detail.id]));
}

/** The time that offsets count from (epoch milliseconds). */
export function zeroOf(detail: ExecutionDetail): number {
  return Date.parse(detail.timeline.start ?? detail.startedAt ?? detail.timestamp);
}

function within(
  detail: ExecutionDetail,
  zero: number,
  arrangement: Arrangement,
  parent: string | null,
  above: ReadonlySet<string>,
): Item[] {
  const own = zeroOf(detail) - zero;
  const prefix = parent === null ? '' : `${parent}/`;
  const runs = withWaits(
    nested(runsOf(detail.timeline.steps, own, prefix)),
    own,
    waitsOf(detail.timeline, own),
  );
  const steps = arrangement.byStep ? grouped(runs, prefix) : runs;
  const callers = placesOf(runs);
  const called = detail.children.flatMap((child): Item[] => {
    // A link that leads back ends where it began.
    if (child.id && above.has(child.id)) return [];
    const caller = callers.get(`${child.stepId}#${child.occurrence}`) ?? null;
    const item = { ...calledItem(child, zero, own, arrangement.now), parent: caller };
    const inside = child.id ? arrangement.loaded.get(child.id) : undefined;
    if (!inside || !child.id) return [item];
    const more = within(inside, zero, arrangement, item.id, new Set([...above, child.id]));
    return [{ ...item, name: inside.workflowName ?? item.name }, ...more];
  });
  const top = [...steps, ...called];
  return top.map((item) => (item.parent === null ? { ...item, parent } : item));
}

/** The run of each bar, by its step and which run of that step it is. */
function placesOf(runs: Item[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { id, attempts } of runs) {
    for (const { bar } of attempts) found.set(`${bar.stepId}#${bar.occurrence}`, id);
  }
  return found;
}

/** An execution that was called, as far as the caller's record knows it. */
function calledItem(child: RelatedExecution, zero: number, fallback: number, now: number): Item {
  const at = child.timestamp ? Date.parse(child.timestamp) - zero : fallback;
  const open = child.status === 'started' || child.status === 'waiting';
  return {
    id: rowOfCall(child.id ?? child.executionId),
    parent: null,
    kind: 'execution',
    name: child.workflowId ?? child.executionId,
    type: null,
    status: child.status ?? 'started',
    critical: false,
    attempts: [],
    waited: 0,
    wait: null,
    start: child.startedAt
      ? Date.parse(child.startedAt) - zero
      : open
        ? at
        : at - (child.duration ?? 0),
    end: open ? Math.max(at, now - zero) : at,
    execution: child.id ?? null,
  };
}
