import type { ReactNode } from 'react';
import { counted, exact, isolated } from '@/lib/format';
import { phrase } from '../phrase';
import { noun, nouns } from './nouns';

const connector = noun('connector');
const incident = noun('incident');
const stepRun = noun('step run');

/** The texts about connectors, the types of steps that workflows share. */
export const connectors = {
  title: 'Connectors',
  none: 'No type',
  sentence: {
    nothing: (period: string) => `No steps ran ${period}.`,
    ran: (connectors: number, steps: number, period: string) =>
      `${counted(connectors, connector)} ran ${counted(steps, noun('step'))} ${period}`,
    failed: (share: string) => `; ${share} of them failed.`,
    noneFailed: '; none of them failed.',
    incidents: (count: number) =>
      count === 0 ? ' No connector had an incident.' : ` ${counted(count, incident)}.`,
    incidentsOne: (count: number) => (count === 0 ? '' : ` ${counted(count, incident)}.`),
    /** The same of one connector, whose name stands above. */
    ranOne: (steps: number, period: string) => `${counted(steps, stepRun)} ${period}`,
  },
  tiles: {
    label: 'Figures',
    connectors: 'Connectors',
    runs: 'Step runs',
    failed: 'Failed',
    failedOf: (count: string) => `${count} step runs`,
    p50: 'Median',
    p95: 'p95',
    retries: 'Retries',
    retriesOf: (share: string) => `${share} of the runs`,
    cacheHits: 'Cache hits',
    cacheOf: (hits: string, lookups: string) => `${hits} of ${lookups} lookups`,
    noLookups: 'no lookups',
    cost: 'Cost',
    costNote: 'costs that name one of its steps',
    noCost: 'no cost names one of its steps',
    tooManySteps: 'too many steps to add up',
    bounds: (low: string, high: string) => `95\u00a0%: ${low} to ${high}`,
  },
  heat: {
    title: { failures: 'Failures over time', slowness: 'Slowness over time' },
    note: { hour: 'per hour', day: 'per day', week: 'per week' },
    measure: 'Show',
    measures: { failures: 'Failures', slowness: 'Slowness' },
    nothing: {
      failures: 'No steps completed or failed in this range.',
      slowness: 'No steps with a duration ran in this range.',
    },
    few: {
      failures: (least: string) => `Fewer than ${least} runs`,
      slowness: (least: string) => `Fewer than ${least} runs`,
    },
    fine: {
      failures: (share: string) => `Less than ${share}`,
      slowness: (times: string) => `Less than ${times}`,
    },
    from: (figure: string) => `${figure} or more`,
    legend: {
      failures: 'At least this share of the runs failed (95 %)',
      slowness: 'At least this many times as long as in the rest of the range (95 %)',
    },
    track: {
      failures: (name: string) => `Failures of ${name}`,
      slowness: (name: string) => `Slowness of ${name}`,
    },
    keys: 'Arrow keys move between times and connectors, Enter opens. Shift and an arrow key choose times, Enter zooms into them, Backspace zooms out.',
    cell: (when: string, said: string) => `${when}: ${said}`,
    noRuns: 'no runs',
    failed: (failed: string, runs: string) => `${failed} of ${runs} runs failed`,
    atLeast: (share: string) => `at least ${share} (95 %)`,
    slower: (time: string, runs: string) => `${time} on average, ${runs} runs`,
    times: (times: string) => `${times} as long as in the rest of the range`,
    timesAtLeast: (times: string) => `at least ${times} (95 %)`,
    tooFew: 'too few runs to say',
    incident: (said: string) => `Incident: ${said}`,
    lasted: {
      connector_down: (time: string) => `down ${time}`,
      failures_rising: (time: string) => `failing ${time}`,
      step_slower: (time: string) => `slower ${time}`,
    },
    open: (name: string) => `Open ${name}`,
    showAll: (count: number) => `Show all ${exact(count)}`,
    showFew: 'Show fewer',
    shown: (shown: number, all: number) =>
      `${exact(shown)} of ${counted(all, connector)}, by failures`,
    shownByTime: (shown: number, all: number) =>
      `${exact(shown)} of ${counted(all, connector)}, by working time`,
    table: {
      connector: 'Connector',
      when: 'When',
      value: { failures: 'Failed', slowness: 'Times as long' },
      lower: 'At least (95 %)',
      runs: 'Runs',
      nothing: 'Nothing stands out in this range.',
      cut: (shown: string, all: string) => `The worst ${shown} of ${all}.`,
    },
  },
  incidents: {
    title: 'Incidents',
    nothing: 'No connector had an incident in this range.',
    nothingOne: 'This connector had no incident in this range.',
  },
  table: {
    title: 'All connectors',
    connector: 'Connector',
    runs: 'Runs',
    failed: 'Failed',
    share: 'Failed share',
    p50: 'p50',
    p95: 'p95',
    p95Change: 'p95 change',
    retries: 'Retries',
    cache: 'Cache hits',
    nothing: 'No steps ran in this range.',
    cut: (count: number) => `The ${exact(count)} others failed least.`,
    show: (runs: string, name: string) => `${runs} runs: show the executions that used ${name}`,
    showFailed: (failed: string, name: string) =>
      `${failed} failed: show the executions in which ${name} failed`,
    few: 'Too few runs in one of the periods',
  },
  one: {
    outcomes: 'Runs',
    durations: 'Durations',
    notRun: 'This connector did not run in this range.',
  },
  errors: {
    title: 'Errors',
    note: 'failed step runs',
    error: 'Error',
    class: 'Class',
    count: 'Failed',
    nothing: 'None of its steps failed in this range.',
    noType: 'No error type',
    outage: (errors: number) => counted(errors, noun('kind of error', 'kinds of error')),
    others: (groups: number) => counted(groups, noun('other kind', 'other kinds')),
    left: 'Others',
    showExecutions: (count: string, error: string) =>
      `${count} with ${isolated(error)}: show the executions`,
  },
  dependents: {
    title: 'Who depends on it',
    note: (count: number) => counted(count, nouns.workflow),
    workflow: 'Workflow',
    runs: 'Runs',
    share: 'Failed share',
    failed: 'Failed',
    p95: 'p95',
    none: 'No workflow',
    others: (count: number) => counted(count, noun('other workflow')),
    nothing: 'No workflow used it in this range.',
    show: (runs: string, name: string) => `${runs} runs: show the executions of ${name}`,
    showFailed: (failed: string, name: string) =>
      `${failed} failed: show the executions of ${name}`,
  },
  steps: {
    title: 'Its steps',
    note: 'the most failures first',
    step: 'Step',
    unnamed: 'Unnamed step',
    others: (count: number) => counted(count, noun('other step')),
    show: (runs: string, name: string) => `${runs} runs: show the executions that ran ${name}`,
    showFailed: (failed: string, name: string) =>
      `${failed} failed: show the executions that failed at ${name}`,
  },
  environments: {
    title: 'Environments',
    note: 'all executions in this range',
    none: 'No environment named',
    nothing: 'No environment has sent events.',
    health: {
      healthy: 'Healthy',
      degraded: 'Degraded',
      unhealthy: 'Unhealthy',
      not_enough_data: 'Not enough data',
      idle: 'Idle',
    },
    success: 'Success rate',
    bounds: (low: string, high: string) => `95\u00a0%: ${low} to ${high}`,
    executions: 'Executions',
    failed: 'Failed',
    p95: 'p95',
    workflows: 'Workflows',
    running: 'Running',
    lastExecution: (at: ReactNode) => phrase`Last execution ${at}`,
    lastFailure: (at: ReactNode) => phrase`Last failure ${at}`,
    show: (what: string, name: string) => `${what} in ${name}: show the executions`,
  },
};
