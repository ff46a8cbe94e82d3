import { compact, counted, duration, durationTrimmed, exact, isolated, money } from '@/lib/format';

const STATES: Record<string, string> = {
  completed: 'completed',
  failed: 'failed',
  crashed: 'crashed',
  canceled: 'canceled',
  waiting: 'waiting',
  started: 'started',
  stale: 'stale',
};

/** `a`, `a or b`, `a, b or c`. */
function anyOf(parts: string[]): string {
  if (parts.length < 2) return parts.join('');
  return `${parts.slice(0, -1).join(', ')} or ${parts.at(-1) ?? ''}`;
}

/** What executions in a state did, or do. */
const DID: Record<string, string> = {
  completed: 'completed',
  failed: 'failed',
  crashed: 'crashed',
  canceled: 'were canceled',
  waiting: 'are waiting',
  started: 'are running',
  stale: 'are stale',
};

const statesIn = (value: string): string =>
  anyOf(value.split(',').map((state) => DID[state] ?? state));

/** The texts of the list of executions. */
const list = {
  title: 'Executions',
  summary: (total: string, filtered: boolean, when: string): string =>
    filtered ? `${total} match ${when}.` : `${total} ${when}.`,
  total: (count: number): string => counted(count, 'execution'),
  newestFirst: 'newest first',
  histogram: 'When',
  histogramOf: 'Executions over time',
  noneInRange: 'No executions in this range.',
  noneMatch: 'No executions in this range match the filters.',
  clear: 'Clear filters',
  wider: 'Show all data',
  end: 'No earlier executions in this range.',
  failedToLoad: 'Earlier executions',
  columns: 'Columns',
  usualColumns: 'Usual columns',
  fresh: (count: number): string => `${exact(count)} new`,
  freshLabel: (count: number): string => `Show ${counted(count, 'new or changed execution')}`,
  select: (name: string): string => `Select ${name}`,
  compare: 'Compare',
  chosen: (count: number): string =>
    count === 1 ? '1 selected. Select one more to compare.' : `${count} selected`,
  unselect: 'Clear selection',
  severalWorkflows:
    'This list can be limited to one workflow only, so it shows the executions of all workflows.',
  unnamed: 'Unknown workflow',
  keys: {
    down: 'Next execution',
    up: 'Previous execution',
    open: 'Open the execution',
    select: 'Select to compare',
    leave: 'Clear the selection',
    fresh: 'Show new executions',
  },
};

/** The names of columns. */
const columns: Record<string, string> = {
  status: 'Status',
  workflow: 'Workflow',
  when: 'Last change',
  started: 'Started',
  duration: 'Duration',
  version: 'Version',
  trigger: 'Trigger',
  user: 'User',
  environment: 'Environment',
  steps: 'Steps',
  error: 'Error',
  id: 'ID',
};

interface FilterWords {
  name: string;
  /** How the filter reads after the word "Executions". */
  says: (value: string, other: string) => string;
  hint?: string;
  choices?: Record<string, string>;
}

/** The filters: what they are called, and how they read in the sentence that the chips form. */
const filters: Record<string, FilterWords> = {
  workflow: { name: 'Workflow', says: (value) => `of ${isolated(value)}` },
  environment: { name: 'Environment', says: (value) => `in ${isolated(value)}` },
  status: { name: 'Status', says: (value) => `that ${statesIn(value)}` },
  version: { name: 'Version', says: (value) => `of version ${isolated(value)}` },
  trigger: { name: 'Trigger', says: (value) => `triggered by ${isolated(value)}` },
  triggerId: {
    name: 'Trigger ID',
    says: (value) => `from trigger ${isolated(value)}`,
    hint: 'The whole ID',
  },
  user: { name: 'User', says: (value) => `for user ${isolated(value)}` },
  subject: { name: 'Subject', says: (value) => `about ${isolated(value)}`, hint: 'The whole ID' },
  source: { name: 'Source', says: (value) => `reported by ${isolated(value)}` },
  minDuration: {
    name: 'Minimum duration',
    says: (value) => `that took at least ${durationTrimmed(Number(value))}`,
    hint: 'For example 500 ms, 2 s, 3 m, 1 h',
  },
  maxDuration: {
    name: 'Maximum duration',
    says: (value) => `that took at most ${durationTrimmed(Number(value))}`,
    hint: 'For example 500 ms, 2 s, 3 m, 1 h',
  },
  minCost: {
    name: 'Minimum cost',
    says: (value) => `that cost at least ${money(Number(value))}`,
    hint: 'In US dollars',
  },
  errorText: {
    name: 'Error text',
    says: (value) => `with an error that mentions “${isolated(value)}”`,
    hint: 'Part of the error type or message',
  },
  errorType: { name: 'Error type', says: (value) => `with error type ${isolated(value)}` },
  errorClass: {
    name: 'Error class',
    says: (value) => `with an error of class ${isolated(value.replaceAll('_', ' '))}`,
  },
  errorStep: { name: 'Failed step', says: (value) => `that failed at ${isolated(value)}` },
  error: { name: 'Error group', says: (value) => `with error ${isolated(value)}` },
  called: {
    name: 'Root or child',
    says: (value) => (value === 'child' ? 'called by another execution' : 'not called by another'),
    choices: { root: 'Root: not called by another', child: 'Child: called by another' },
  },
  retried: {
    name: 'Was retried',
    says: (value) => (value === 'true' ? 'that were retried' : 'that were not retried'),
    choices: { true: 'Retried by another', false: 'Not retried' },
  },
  isRetry: {
    name: 'Is a retry',
    says: (value) => (value === 'true' ? 'that retry another' : 'that retry no other'),
    choices: { true: 'A retry of another', false: 'Not a retry' },
  },
  parent: {
    name: 'Parent',
    says: (value) => `called by ${isolated(value)}`,
    hint: 'The ID of an execution',
  },
  step: { name: 'Step', says: (value) => `that ran ${isolated(value)}` },
  fromStep: {
    name: 'Steps in order',
    says: (value, other) => `that went from ${isolated(value)} straight to ${isolated(other)}`,
  },
  toStep: { name: 'Step after', says: (value) => `that went to ${isolated(value)}` },
  variant: { name: 'Path', says: () => 'that took one path' },
};

const filtering = {
  subject: 'Executions',
  add: 'Filter',
  remove: (name: string): string => `Remove filter: ${name}`,
  edit: (name: string, says: string): string => `${name}: ${says}`,
  apply: 'Apply',
  noValues: 'No values in this range.',
  loadingValues: 'Loading values',
  invalidDuration: 'Enter a duration such as 500 ms, 2 s, 3 m or 1 h.',
  invalidAmount: 'Enter an amount such as 0.25.',
};

/** The texts of the page of one execution. */
const one = {
  what: 'The execution',
  neighbours: 'Executions of the same workflow',
  title: (name: string, id: string): string => `${name} · ${id}`,
  missing: 'This execution does not exist in this project, or you do not have access to it.',
  ambiguous: 'Several executions have this ID. Choose one:',
  back: 'Show all executions',
  previous: 'Previous execution of this workflow',
  next: 'Next execution of this workflow',
  compareWith: 'Compare with the previous one',
  facts: {
    started: 'Started',
    ended: 'Ended',
    trigger: 'Trigger',
    version: 'Version',
    user: 'User',
    environment: 'Environment',
    cost: 'Cost',
    tokens: 'Tokens',
    source: 'Source',
    subject: 'Subject',
    run: 'Run',
    id: 'ID',
  },
  running: (since: string): string => `${since} so far`,
  stale: 'open for longer than any execution of its workflow took',
  run: (run: number, of: number): string => `${run} of ${of}`,
  tokens: (input: string, output: string): string => `${input} in, ${output} out`,
  costWithTree: (own: string, whole: string): string => `${own} (${whole} with children)`,
  band: {
    typical: (ratio: string): string => `${ratio} × typical.`,
    overP95: (ratio: string): string => `${ratio} × its p95`,
    range: (p50: string, p95: string, samples: string): string =>
      `Usually ${p50}, 95 % within ${p95} (${samples})`,
    tooFew: (samples: string): string => `Not enough data for a comparison (${samples})`,
    samples: (count: number): string => counted(count, 'execution'),
  },
  time: (working: string, waiting: string | null, idle: string | null): string =>
    [
      `${working} working`,
      waiting && `${waiting} waiting in steps`,
      idle && `${idle} between steps`,
    ]
      .filter(Boolean)
      .join(', '),
  error: {
    title: 'Error',
    inStep: (step: string): string => `in step ${isolated(step)}`,
    noMessage: 'The error has no message.',
    group: 'Group',
    often: (count: number, last24h: number): string =>
      `${counted(count, 'execution')} with this error so far, ${exact(last24h)} of them in the 24 hours before`,
    since: 'First seen',
    show: 'Show in the waterfall',
  },
  unusual: {
    title: 'What is unusual',
    against: (count: number): string => `against ${counted(count, 'earlier execution')}`,
    none: 'Nothing unusual against earlier executions of this workflow.',
    unknown: 'Not enough earlier executions to say what is usual.',
    omitted: (count: number): string => `${counted(count, 'more finding')} not shown.`,
    slow: (took: string, usual: string, times: string | null): string =>
      `It took ${took}${times ? `, ${times} × its p95` : ''}: 95 % of earlier executions took at most ${usual}.`,
    waitedLonger: (step: string, took: string, usual: string, times: string | null): string =>
      `${step} took ${took}, most of it waiting${times ? `, ${times} × its p95` : ''}: 95 % of earlier runs took at most ${usual}.`,
    slowStep: (step: string, took: string, usual: string, times: string | null): string =>
      `${step} took ${took}${times ? `, ${times} × its p95` : ''}: 95 % of earlier runs took at most ${usual}.`,
    expensive: (cost: string, usual: string, times: string | null): string =>
      `It cost ${cost}${times ? `, ${times} × the p95` : ''}: 95 % of earlier executions cost at most ${usual}.`,
    manyAttempts: (step: string, attempts: string, usual: string): string =>
      `${step || 'A step'} took ${attempts} attempts; usually at most ${usual}.`,
    newError: 'This error is new: no earlier execution of this workflow had it.',
    rareError: (had: string, of: string): string =>
      `This error is rare: ${had} of ${of} earlier executions had it.`,
    rarePath: (had: string, of: string): string =>
      `It took a rare path through the steps: ${had} of ${of} earlier executions took it.`,
    firstOfVersion: 'It is the first execution of its version.',
    unusualSize: (step: string, runs: string): string =>
      `${step} put out no items, unlike at least 95 % of ${runs} earlier runs.`,
    other: (kind: string, step: string): string => [kind, step].filter(Boolean).join(': '),
  },
  family: {
    title: 'Family',
    parent: 'Parent',
    children: 'Children',
    retries: 'Retries',
    retryOf: 'Retry of',
    current: 'this execution',
    decided: 'gave the outcome',
    retry: 'retry',
    outcome: (executions: number, status: string, duration: string | null): string =>
      `${counted(executions, 'execution')} in all, ${status}${duration ? `, ${duration} from the first start to the last end` : ''}`,
    failed: (count: number): string => `${exact(count)} failed`,
    retried: (count: number): string => `${counted(count, 'retry', 'retries')}`,
    omitted: (count: number): string => `${counted(count, 'more execution')} not shown.`,
  },
  raw: {
    title: 'Raw record',
    label: 'Record',
    show: 'Show',
    hide: 'Hide',
    download: 'Download JSON',
    cut: (shown: number, of: number): string =>
      `The first ${exact(shown)} of ${exact(of)} lines. Download the record for the rest.`,
  },
};

/** The texts of the waterfall. */
const waterfall = {
  title: 'Waterfall',
  steps: (count: number): string => counted(count, 'step'),
  found: (count: number, total: number): string =>
    `${exact(count)} of ${counted(total, 'row')} found`,
  truncated: (count: number): string => `Only the first ${exact(count)} steps are shown.`,
  none: 'No steps were reported for this execution.',
  find: 'Find a step',
  rowsLabel: 'Rows',
  rows: { single: 'One run per row', bystep: 'By step', packed: 'Packed' },
  collapseAll: 'Collapse all',
  expandAll: 'Expand all',
  expand: (name: string): string => `Expand ${name}`,
  collapse: (name: string): string => `Collapse ${name}`,
  minimap: 'The whole execution. Click to go to a place.',
  toFailure: 'Failure',
  toCritical: 'Critical path',
  name: 'Step',
  time: 'Time',
  legend: {
    working: 'work',
    waiting: 'waiting in a step (how long, not when)',
    gap: 'waiting before a step',
    contains: 'contains other steps',
    attempt: 'earlier attempt',
    critical: 'critical path',
  },
  child: 'Called execution',
  childLoading: 'Loading the steps of the called execution',
  childFailed: 'The steps of the called execution could not be loaded.',
  noChildSteps: 'It reported no steps.',
  items: (taken: number | null, given: number | null): string =>
    `${taken === null ? '?' : exact(taken)} → ${given === null ? '?' : exact(given)} items`,
  cached: 'cached',
  waited: (time: string | null): string => (time === null ? 'waiting' : `${time} of it waiting`),
  tokens: (count: number): string => `${compact(count)} tokens`,
  attempts: (count: number): string => `${count} attempts`,
  keys: {
    down: 'Next row of the waterfall',
    up: 'Previous row',
    open: 'Open the details of the row, or close them',
    fold: 'Collapse or expand the row',
    failure: 'Next failure',
    critical: 'Next step on the critical path',
    find: 'Find a step',
    leave: 'Close the details',
    previous: 'Previous execution',
    next: 'Next execution',
  },
};

/** The texts of the drawer with one step. */
const drawer = {
  close: 'Close the details',
  status: 'Status',
  type: 'Type',
  duration: 'Duration',
  share: 'Share of the execution',
  norm: 'Usually',
  normOf: (p50: string, p95: string, samples: number): string =>
    `${p50}, 95 % within ${p95} (${counted(samples, 'run')})`,
  runs: (count: number): string => counted(count, 'run'),
  start: 'Started',
  end: 'Ended',
  offset: (offset: string): string => `${offset} after the start`,
  waited: 'Waited before',
  waiting: 'Of it, waiting',
  working: 'Of it, working',
  attempts: 'Attempts',
  attempt: (count: number): string => `Attempt ${count}`,
  items: 'Items in, out',
  size: 'Size in, out',
  cache: 'Cache',
  hit: 'hit',
  miss: 'miss',
  credits: 'Credits',
  critical: 'On the critical path',
  yes: 'yes',
  costs: 'Costs',
  costNote: 'Costs name an execution, not a step: these arose while only this step was running.',
  open: 'Open this execution',
  error: 'Error',
  id: 'Step ID',
};

/** The texts of the comparison of two executions. */
const compare = {
  title: 'Compare executions',
  a: 'A',
  b: 'B',
  differences: 'What differs',
  none: 'They have the same outcome, version and metadata.',
  steps: 'Steps',
  what: 'The comparison',
  sameCount: (count: number): string => `${counted(count, 'step')} without a difference`,
  showSame: 'Show equal steps',
  noSteps: 'No step differs.',
  omitted: (count: number): string => `${counted(count, 'more step')} not shown.`,
  order: 'Order',
  byImportance: 'Differences first',
  byTime: 'In order',
  swap: 'Swap A and B',
  choose: 'Select two executions in the list to compare them.',
  toList: 'Choose executions',
  kinds: {
    only_a: 'only in A',
    only_b: 'only in B',
    status: 'another outcome',
    slower: 'slower in B',
    faster: 'faster in B',
    same: 'the same',
  } as Record<string, string>,
  longer: (ms: number): string => `+${duration(ms)}`,
  shorter: (ms: number): string => `−${duration(ms)}`,
  otherWorkflows: 'These are executions of different workflows, so few steps have a counterpart.',
  fields: {
    status: 'Status',
    duration: 'Duration',
    version: 'Version',
    workflowVersion: 'Version',
    workflow: 'Workflow',
    workflowId: 'Workflow',
    environment: 'Environment',
    trigger: 'Trigger',
    triggerType: 'Trigger',
    triggerId: 'Trigger ID',
    user: 'User',
    userId: 'User',
    error: 'Error',
    errorType: 'Error type',
    errorMessage: 'Error message',
    errorStep: 'Failed step',
    cost: 'Cost',
    steps: 'Steps',
    stepCount: 'Steps',
    attempts: 'Attempts',
    subjectId: 'Subject',
  } as Record<string, string>,
};

/** The texts of everything about executions. */
export const executions = {
  title: 'Executions',
  list,
  columns,
  filters,
  filtering,
  states: STATES,
  one,
  waterfall,
  drawer,
  compare,
};
