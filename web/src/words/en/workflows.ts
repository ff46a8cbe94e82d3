import { HEALTH, type StateName } from '@/features/workflows/state';
import { counted } from '@/lib/format';
import { noun } from './nouns';

/** The texts of the list of workflows. */
export const workflows = {
  title: 'Workflows',
  search: 'Search workflows',
  searchHint: 'Search ( / )',
  noMatch: (text: string) => `No workflow matches “${text}”.`,
  noneInState: (state: string) => `No workflow is ${state} in this range.`,
  cut: (shown: string, all: string) =>
    `The ${shown} workflows with the most executions, of ${all}. Search in the time filter of the page to see others.`,
  group: {
    by: 'Group by',
    what: 'The groups',
    name: 'Name',
    nameHint: 'one row for names that differ only in their last word, such as a region',
    valueHint: (key: string) => `metadata.${key}: the value that most executions have`,
    none: 'Do not group',
    chosen: (label: string) => `Group by: ${label}`,
    ungrouped: 'Not grouped',
    undeclared: (key: string) =>
      `This project does not declare the dimension “${key}”, so the workflows are grouped by name.`,
  },
  allStates: 'All',
  order: 'Order by',
  rows: (shown: string, all: string) => `${shown} of ${all} rows`,
  more: (count: string) => `Show ${count} more`,
  expand: (name: string) => `Show the workflows of ${name}`,
  collapse: (name: string) => `Hide the workflows of ${name}`,
  members: (count: number) => counted(count, noun('workflow')),
  upTo: (value: string) => `up to ${value}`,
  ofMembers: (count: string, all: string, state: string) => `${count} of ${all} ${state}`,
  keys: {
    next: 'In a list: next row',
    previous: 'In a list: previous row',
  },
  columns: {
    state: 'State',
    name: 'Workflow',
    trend: 'Executions over time',
    executions: 'Executions',
    success: 'Success rate',
    p50: 'Median',
    p95: 'p95',
    cost: 'Cost',
    change: 'Change',
  },
  state: {
    silent: 'silent',
    failing: 'failing',
    degraded: 'degraded',
    slower: 'slower',
    costlier: 'costlier',
    idle: 'no runs',
    unknown: 'few runs',
    healthy: 'healthy',
  } satisfies Record<StateName, string>,
  /** What each state means. */
  why: {
    silent: 'Runs that usually take place are missing',
    failing: `Less than ${HEALTH.failingBelow} % of its runs completed`,
    degraded: `Less than ${HEALTH.degradedBelow} % of its runs completed`,
    slower: 'Its runs take significantly longer than before',
    costlier: 'It costs more than before',
    idle: 'It ran before, but not in this range',
    unknown: `Fewer than ${HEALTH.fewest} of its runs have completed or failed: too few to tell`,
    healthy: `At least ${HEALTH.degradedBelow} % of its runs completed`,
  } satisfies Record<StateName, string>,
  change: {
    slower: (times: string) => `${times} slower`,
    faster: (times: string) => `${times} faster`,
    failing: (points: string) => `${points} more fail`,
    recovering: (points: string) => `${points} fewer fail`,
    silent: 'silent',
    costlier: (times: string | null) => (times === null ? 'costs more' : `${times} the cost`),
    stopped: 'stopped',
    isNew: 'new',
    none: 'steady',
    /** What a change is based on. */
    duration: (before: string, now: string) => `Mean duration ${now}, ${before} before`,
    success: (before: string, now: string) => `${now} failed or crashed, ${before} before`,
    steady: 'No significant change',
  },
};
