import type { Row } from '@/api/types';
import type { Answer } from '@/lib/answer';
import { differenceOfMeans, FEWEST, type Estimate, type Sample } from '@/lib/chance';
import { nameOf, numberOf, textOf } from '../rows';
import type { CardQuery } from '../useCardQuery';
import type { View } from '../view';

/** How many are compared: those on which the most time was spent. */
const COMPARED = 2000;

/** The metrics of a family that make a sample of its durations. */
interface Durations {
  count: string;
  sum: string;
  deviation: string;
  /** How much of the sum was waiting, if that is known apart. */
  waiting?: string;
}

const OF_WORKFLOWS: Durations = {
  count: 'durations',
  sum: 'duration_sum',
  deviation: 'duration_stddev',
};
const OF_STEPS: Durations = {
  count: 'step_durations',
  sum: 'step_duration_sum',
  deviation: 'step_duration_stddev',
  waiting: 'step_waiting_sum',
};

type Compared = Pick<View, 'compare'>;

function againstBefore(view: Compared, of: Durations, dimensions: string[]): CardQuery {
  return {
    metrics: [of.count, of.sum, of.deviation, ...(of.waiting ? [of.waiting] : [])],
    dimensions,
    orderBy: [{ metric: of.sum, direction: 'desc' }],
    limit: COMPARED,
    compare: view.compare ?? 'previous_period',
  };
}

/** The durations of workflows now and before. */
export const slowerWorkflowsQuery = (view: Compared): CardQuery =>
  againstBefore(view, OF_WORKFLOWS, ['workflow']);

/** The durations of steps now and before. */
export const slowerStepsQuery = (view: Compared): CardQuery =>
  againstBefore(view, OF_STEPS, ['step', 'workflow', 'step_type']);

/** Something that takes longer than it did: durations in milliseconds, means per run. */
export interface Slower {
  key: string;
  id: string;
  name: string;
  workflow: string;
  workflowName: string;
  type: string | null;
  now: number;
  before: number;
  ratio: number;
  runs: number;
  /** What a run takes longer, with bounds that hold for all that was compared together. */
  extra: Estimate;
  /** What all runs of the range took longer in total. */
  added: number;
}

/** What became slower, and of how many. */
export interface Slowed {
  /** Those slower beyond chance, most time added first. */
  slower: Slower[];
  /** How many had enough runs in both periods. */
  compared: number;
  /** How many there are, compared or not. */
  all: number;
}

const keyOf = (row: Row): string =>
  JSON.stringify([textOf(row, 'step'), textOf(row, 'workflow'), textOf(row, 'step_type')]);

/** Which part of a duration is compared. */
type Part = 'all' | 'working' | 'waiting';

/** The part of the durations of a row, in milliseconds. */
function timeOf(row: Row, of: Durations, part: Part): number | null {
  const sum = numberOf(row, of.sum);
  const waiting = of.waiting ? (numberOf(row, of.waiting) ?? 0) : 0;
  if (sum === null || part === 'all') return sum;
  return part === 'waiting' ? waiting : sum - waiting;
}

/** How parts of durations differ is not known apart: whole durations differ more, so that no more is found than is true. */
function sampleOf(row: Row | undefined, of: Durations, part: Part): Sample | null {
  const count = row ? (numberOf(row, of.count) ?? 0) : 0;
  const time = row ? timeOf(row, of, part) : null;
  if (!row || count < FEWEST || time === null) return null;
  return { count, mean: time / count, deviation: numberOf(row, of.deviation) ?? 0 };
}

/**
 * Compares every row of an answer with its own past. The more is compared, the surer each must be, so that all of what
 * is named is slower with 95 % confidence.
 */
function slowed(answer: Answer, of: Durations, part: Part): Slowed {
  const past = new Map((answer.comparison ?? []).map((row) => [keyOf(row), row]));
  // What only waits has no working time, and the other way round.
  const rows = answer.rows.filter((row) => part === 'all' || (timeOf(row, of, part) ?? 0) > 0);
  const pairs = rows.flatMap((row) => {
    const now = sampleOf(row, of, part);
    const before = sampleOf(past.get(keyOf(row)), of, part);
    return now && before ? [{ row, now, before }] : [];
  });
  const slower = pairs.flatMap(({ row, now, before }): Slower[] => {
    const extra = differenceOfMeans(now, before, pairs.length);
    if (extra.lower <= 0 || before.mean <= 0) return [];
    const workflow = textOf(row, 'workflow') ?? '';
    const step = textOf(row, 'step');
    return [
      {
        key: keyOf(row),
        id: step ?? workflow,
        name: step === null ? nameOf(answer, 'workflow', workflow) : nameOf(answer, 'step', step),
        workflow,
        workflowName: nameOf(answer, 'workflow', workflow),
        type: textOf(row, 'step_type'),
        now: now.mean,
        before: before.mean,
        ratio: now.mean / before.mean,
        runs: now.count,
        extra,
        added: extra.value * now.count,
      },
    ];
  });
  slower.sort((a, b) => b.added - a.added);
  const unlisted = answer.meta.groups - answer.rows.length;
  return { slower, compared: pairs.length, all: rows.length + unlisted };
}

/** The workflows that take longer than they did. */
export const slowerWorkflows = (answer: Answer): Slowed => slowed(answer, OF_WORKFLOWS, 'all');

/** The steps that work longer than they did, or wait longer. */
export const slowerSteps = (answer: Answer, waiting: boolean): Slowed =>
  slowed(answer, OF_STEPS, waiting ? 'waiting' : 'working');

/** The workflows that spend most of the time of their steps waiting: of them, machine time says little. */
export function mostlyWaiting(answer: Answer | undefined): Set<string> {
  const spent = new Map<string, { waiting: number; all: number }>();
  for (const row of answer?.rows ?? []) {
    const workflow = textOf(row, 'workflow') ?? '';
    const sum = spent.get(workflow) ?? { waiting: 0, all: 0 };
    sum.all += timeOf(row, OF_STEPS, 'all') ?? 0;
    sum.waiting += timeOf(row, OF_STEPS, 'waiting') ?? 0;
    spent.set(workflow, sum);
  }
  return new Set([...spent].flatMap(([id, { waiting, all }]) => (waiting * 2 > all ? [id] : [])));
}
