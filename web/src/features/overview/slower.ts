import type { Row } from '@/api/types';
import type { Answer } from '@/lib/answer';
import { differenceOfMeans, FEWEST, type Estimate, type Sample } from '@/lib/chance';
import { waits } from '@/lib/waits';
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
};

function againstBefore(view: View, of: Durations, dimensions: string[]): CardQuery {
  return {
    metrics: [of.count, of.sum, of.deviation],
    dimensions,
    orderBy: [{ metric: of.sum, direction: 'desc' }],
    limit: COMPARED,
    compare: view.compare ?? 'previous_period',
  };
}

/** The durations of workflows now and before. */
export const slowerWorkflowsQuery = (view: View): CardQuery =>
  againstBefore(view, OF_WORKFLOWS, ['workflow']);

/** The durations of steps now and before. */
export const slowerStepsQuery = (view: View): CardQuery =>
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

function sampleOf(row: Row | undefined, of: Durations): Sample | null {
  const [count, sum] = [numberOf(row, of.count) ?? 0, numberOf(row, of.sum)];
  if (count < FEWEST || sum === null) return null;
  return { count, mean: sum / count, deviation: numberOf(row, of.deviation) ?? 0 };
}

/**
 * Compares every row of an answer with its own past. The more is compared, the surer each must be, so that all of what
 * is named is slower with 95 % confidence.
 */
function slowed(answer: Answer, of: Durations, kept: (row: Row) => boolean): Slowed {
  const past = new Map((answer.comparison ?? []).map((row) => [keyOf(row), row]));
  const rows = answer.rows.filter(kept);
  const pairs = rows.flatMap((row) => {
    const now = sampleOf(row, of);
    const before = sampleOf(past.get(keyOf(row)), of);
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
export const slowerWorkflows = (answer: Answer): Slowed => slowed(answer, OF_WORKFLOWS, () => true);

/** The steps that take longer than they did: those that work, or those that wait. */
export const slowerSteps = (answer: Answer, waiting: boolean): Slowed =>
  slowed(answer, OF_STEPS, (row) => waits(textOf(row, 'step_type')) === waiting);

/** The workflows that spend most of the time of their steps waiting: of them, machine time says little. */
export function mostlyWaiting(answer: Answer | undefined): Set<string> {
  const spent = new Map<string, { waiting: number; all: number }>();
  for (const row of answer?.rows ?? []) {
    const workflow = textOf(row, 'workflow') ?? '';
    const sum = spent.get(workflow) ?? { waiting: 0, all: 0 };
    const time = numberOf(row, OF_STEPS.sum) ?? 0;
    sum.all += time;
    if (waits(textOf(row, 'step_type'))) sum.waiting += time;
    spent.set(workflow, sum);
  }
  return new Set([...spent].flatMap(([id, { waiting, all }]) => (waiting * 2 > all ? [id] : [])));
}
