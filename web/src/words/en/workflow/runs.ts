import { counted, exact } from '@/lib/format';
import { noun } from '../nouns';

/** The texts about the steps of a workflow. */
export const steps = {
  title: 'Steps',
  note: 'by share of time; click one to draw it',
  step: 'Step',
  type: 'Type',
  runs: 'Runs',
  success: 'Success rate',
  retries: 'Retries',
  share: 'Share of time',
  waiting: 'Waiting',
  unnamed: 'Unnamed step',
  draw: 'Draw over time',
  bottleneck: 'bottleneck',
  critical: 'One of the fewest steps that together take 80 % of the time',
  notCritical: 'Not one of the fewest steps that together take 80 % of the time',
  none: 'No steps of this workflow ran in this range.',
  notRun: 'This step did not run in this range.',
  durationOf: (name: string) => `Duration of ${name}`,
  runsOf: (name: string) => `Runs of ${name}`,
  byOutcome: 'by outcome',
  completed: 'Completed',
  failed: 'Failed',
  skipped: 'Skipped',
};

/** The texts of the grid of executions and steps. */
export const grid = {
  title: 'Executions by step',
  note: (shown: number, all: number) =>
    shown < all
      ? `the newest ${exact(shown)} of ${exact(all)}, the newest on the right`
      : 'the newest on the right',
  runs: 'Executions',
  newest: (count: string) => `Newest ${count}`,
  shade: 'Colour by time',
  shadeHint: 'The darker, the longer the step took compared with its median here',
  darker: 'up to its median, 2 ×, 4 ×, 8 ×',
  numbers: 'Numbers show the attempts.',
  none: 'No executions of this workflow in this range.',
  noSteps: 'These executions reported no steps.',
  omittedSteps: (count: number) =>
    count === 1
      ? 'One step that few of these executions ran is left out.'
      : `${exact(count)} steps that few of these executions ran are left out.`,
  keys: 'Arrow keys move between cells, Enter opens the execution.',
  execution: 'Execution',
  longest: 'Longest execution:',
  startedAt: 'Started',
  versions: 'Version',
  released: (version: string, count: number) =>
    `Version ${version}, first run here: ${counted(count, noun('execution'))}`,
  ran: (version: string, count: number) =>
    `Version ${version}: ${counted(count, noun('execution'))}`,
  noVersion: (count: number) => `No version reported: ${counted(count, noun('execution'))}`,
  openExecution: 'Open execution',
  duration: 'Duration',
  notRun: 'not run',
  of: (step: string, execution: string) => `${step} in the execution of ${execution}`,
  attempts: (count: number) => `${exact(count)} attempts`,
  times: (count: number) => `ran ${exact(count)} times`,
  typical: (ratio: string) => `${ratio} its median here`,
  version: (version: string) => `version ${version}`,
  statuses: {
    completed: 'completed',
    failed: 'failed',
    skipped: 'skipped',
    crashed: 'crashed',
    canceled: 'canceled',
    waiting: 'waiting',
    started: 'started',
  } as Record<string, string>,
  stale: 'open for too long',
};

/** The texts about versions side by side. */
export const versions = {
  title: 'Versions',
  note: 'newest first, each compared with the one before it; lines are 95 % bounds',
  version: 'Version',
  executions: 'Executions',
  success: 'Success rate',
  medianShort: 'Median',
  p95Short: 'p95',
  perExecution: 'Cost per execution',
  unreported: 'No version',
  glance: 'durations on one scale',
  most: (shown: number, all: number) =>
    `the ${exact(shown)} of ${exact(all)} with the most executions, durations on one scale`,
  all: 'Side by side',
  from: (time: string) => `first in range: ${time}`,
  change: 'What changed',
  oldest: 'nothing before it to compare with',
  failsMore: (step: string) => `${step} fails more often`,
  andFails: 'fails more often',
  noStepShort: 'no single step',
  since: (from: string, to: string) => `${from} to ${to}`,
  none: 'No executions in this range reported a version.',
  one: 'Only one version ran in this range, so there is nothing to compare it with.',
  omitted: (count: number) =>
    count === 1
      ? 'One older version ran, too; choose an earlier range to see it.'
      : `${exact(count)} older versions ran, too; choose an earlier range to see them.`,
  without: (count: string) => `${count} did not report a version.`,
  figure: 'Figure',
  before: 'Before',
  after: 'After',
  difference: 'Difference',
  bounds: '95 % bounds',
  range: (lower: string, upper: string) => `${lower} to ${upper}`,
  noBounds: 'no bounds for costs',
  changed: (version: string, against: string) =>
    `What changed from version ${against} to ${version}`,
  findings: {
    better: 'better',
    worse: 'worse',
    different: 'different',
    no_difference: 'no significant difference',
    not_enough_data: 'not enough data',
  } as Record<string, string>,
  metrics: {
    success_rate: 'Success rate',
    duration_avg: 'Mean duration',
    duration_p50: 'Typical duration (p50)',
    duration_p95: 'Slow duration (p95)',
    cost_per_execution: 'Cost per execution',
  } as Record<string, string>,
  between: (lower: string, upper: string) => `95 %: ${lower} to ${upper}`,
  enough: (count: number) =>
    `A difference is reported only if both versions have at least ${exact(count)} executions.`,
  responsible: (step: string, amount: string, share: string) =>
    `${step} accounts for ${share} of the change: ${amount} per execution.`,
  failing: (step: string, points: string) => `${step} fails more often: ${points}.`,
  noStep: 'No single step explains the change.',
  points: (value: string) => `${value} points`,
};

/** The texts about the errors of a workflow. */
export const errors = {
  title: 'Errors',
  overTime: 'Errors of this workflow over time',
  mostInStep: 'Most in step',
  groups: 'Error groups',
  none: 'No executions failed or crashed in this range.',
  first: (shown: number, all: number) =>
    `The ${exact(shown)} most frequent of ${exact(all)} groups.`,
};
