import { counted, exact, isolated } from '@/lib/format';
import { noun } from '../nouns';

/** The texts of the page of one execution. */
export const one = {
  what: 'The execution',
  loading: 'Loading',
  neighbours: 'Executions next to this one',
  title: (name: string, id: string): string => `${name} · ${id}`,
  missing: 'This execution does not exist in this project, or you do not have access to it.',
  ambiguous: 'Several executions have this ID. Choose one:',
  back: 'Show all executions',
  previous: 'Previous execution of this workflow (p)',
  next: 'Next execution of this workflow (n)',
  older: 'Next older execution of the list (p)',
  newer: 'Next newer execution of the list (n)',
  compareWith: 'Compare with the previous one',
  compareLabel: 'Compare with the previous execution of this workflow',
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
    samples: (count: number): string => `${counted(count, noun('execution'))} of any version`,
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
      `${counted(count, noun('execution'))} in all workflows with this error so far, ${exact(last24h)} in the 24 hours before`,
    since: 'First seen',
    show: 'Show in the waterfall',
  },
  unusual: {
    title: 'What is unusual',
    against: (count: number): string => `against ${counted(count, noun('earlier execution'))}`,
    none: 'Nothing unusual against earlier executions of this workflow.',
    unknown: 'Not enough earlier executions to say what is usual.',
    omitted: (count: number): string => `${counted(count, noun('more finding'))} not shown.`,
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
      `This error is rare in this workflow: ${had} of its ${of} earlier executions had it.`,
    rarePath: (had: string, of: string): string =>
      `It took a rare path through the steps: ${had} of ${of} earlier executions took it.`,
    firstOfVersion: 'It is the first execution of its version.',
    unusualSize: (step: string, runs: string): string =>
      `${step} put out no items, unlike at least 95 % of ${runs} earlier runs.`,
  },
  family: {
    title: 'Family',
    parent: 'Parent',
    children: 'Children',
    retries: 'Retries',
    retryOf: 'Retry of',
    current: 'this execution',
    decided: 'decided the outcome',
    retry: 'retry',
    outcome: (executions: number, status: string, duration: string | null): string =>
      `${counted(executions, noun('execution'))} in all, ${status}${duration ? `, ${duration} from the first start to the last end` : ''}`,
    failed: (count: number): string => `${exact(count)} failed`,
    retried: (count: number): string => `${counted(count, noun('retry', 'retries'))}`,
    omitted: (count: number): string => `${counted(count, noun('more execution'))} not shown.`,
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
