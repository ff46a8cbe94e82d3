import type { ReactNode } from 'react';
import { phrase } from '../phrase';

/** The words of the cards that Overview and a workflow share. */
export const board = {
  keyFigures: 'Key figures',
  moreFigures: 'More figures',
  drawOverTime: (figure: string) => `${figure}. Draw over time`,
  per: (bucket: string) => `per ${bucket}`,
  executions: {
    title: 'Executions',
    label: 'Executions over time by status',
    by: 'by status',
    empty: 'No executions in this range.',
  },
  durations: {
    title: 'Duration',
    label: 'Duration of executions, p50 and p95, over time',
    by: 'p50 and p95',
    empty: 'No executions with a duration finished in this range.',
    p50: 'half were faster',
    p95: '19 of 20 were faster',
  },
  overTime: (figure: string) => `${figure} over time`,
  executionsBehind: (figure: string) => `${figure}: show the executions`,
  noFigure: 'This figure has no values in this range.',
  /** The comparison as a heading, and in a sentence. */
  comparison: { previous_period: 'Previous period', previous_year: 'Previous year' },
  inComparison: { previous_period: 'previous period', previous_year: 'previous year' },
  /** The line of a comparison in a chart. */
  compared: (figure: string, comparison: string) => `${figure}, ${comparison}`,
  /** The value of the comparison, and the time that it is of. */
  before: (comparison: string, figure: string, from: string, to: string) =>
    `${comparison}: ${figure} (${from} to ${to})`,
  noComparison: {
    noData: (comparison: string) => `No comparison: the ${comparison} has no data.`,
    little: (comparison: string, covered: string, of: string, parts: string) =>
      `No comparison: the ${comparison} has data for ${covered} of ${of} ${parts}.`,
    parts: { minute: 'minutes', hour: 'hours', day: 'days' },
  },
  p50: 'p50',
  p95: 'p95',
  busiest: {
    titles: {
      minute: 'Busiest minutes',
      five_minutes: 'Busiest 5 minutes',
      half_hour: 'Busiest half hours',
      hour: 'Busiest hours',
      half_day: 'Busiest half days',
      day: 'Busiest days',
      week: 'Busiest weeks',
      month: 'Busiest months',
    },
    by: {
      activities: 'by activities',
      steps: 'by steps',
      executions: 'by executions',
    },
    day: 'Day',
    from: 'From',
    soFar: ' so far',
    incomplete: ' incomplete',
    executions: 'Executions',
    steps: 'Steps',
    activities: 'Activities',
    nothing: 'Nothing happened in this range.',
  },
  calendar: {
    label: {
      activities: 'Every day by its activities',
      steps: 'Every day by its steps',
      executions: 'Every day by its executions',
    },
    day: {
      activities: (day: string, count: string) => `${day}: ${count} activities`,
      steps: (day: string, count: string) => `${day}: ${count} steps`,
      executions: (day: string, count: string) => `${day}: ${count} executions`,
    },
  },
  noData: {
    title: (project: ReactNode) => phrase`No data in project ${project} yet`,
    about:
      'This page will show executions over time, their durations, the slowest workflows and the errors as soon as the first event arrives. Send one:',
    /** The name of the key that the page creates. */
    key: 'First events',
    /** Stands for a key in the command. */
    yourKey: 'YOUR_INGEST_KEY',
    made: (key: string) =>
      `The command contains the new key “${key}”, which can send events for a year. It is shown only here and only once: copy it before you leave this page.`,
    command: 'Command',
    create: 'Create a key and fill it in',
    createHint: 'It can only send events to this project.',
    keysAreUnder: (page: ReactNode) => phrase`Keys are listed, replaced and revoked under ${page}.`,
    keysPage: 'API keys',
    putIn: 'Put in a key that may send events; an owner or admin can create one.',
    logFile: (command: ReactNode) => phrase`To import a log file, run ${command}.`,
    importCommand: 'weir import FILE',
    waiting: 'This page updates automatically when the first event arrives.',
  },
  outOfRange: {
    filtered: (range: string) => `No events match the filter in this range (${range}).`,
    of: (subject: ReactNode, range: string) =>
      phrase`No events of ${subject} in this range (${range}).`,
    none: (range: string) => `No events in this range (${range}).`,
    extent: (project: ReactNode, first: ReactNode, newest: ReactNode) =>
      phrase` The data in project ${project} runs from ${first} to ${newest}.`,
    clear: 'Clear filter',
    showAll: 'Show all data',
  },
  versus: { previous_period: 'vs before', previous_year: 'vs last year' },
  partial: {
    title: 'Partial data',
    gaps: (gaps: string) => `Partial data: ${gaps}`,
    source: (source: string) => `The source “${source}” sent nothing`,
  },
  sentence: {
    none: (period: string) => `No executions ${period}.`,
    undecided: (executions: string, period: string) =>
      `${executions} ${period}; none has completed or failed yet.`,
    completed: (share: string, executions: string, period: string) =>
      `${share} of ${executions} completed ${period}.`,
    /** The same where others were canceled or are still running. */
    completedOfDecided: (share: string, executions: string, period: string) =>
      `Of ${executions} that completed or failed ${period}, ${share} completed.`,
    noFailures: ' Nothing failed.',
    failures: (executions: string) => ` ${executions} failed or crashed.`,
    failuresMostly: (executions: string, most: string) =>
      ` ${executions} failed or crashed; most common: ${most}.`,
    errors: (type: string, count: string) => `${type}, ${count}`,
    errorsIn: (type: string, count: string, workflow: string) => `${type}, ${count} in ${workflow}`,
  },
  errors: {
    title: 'Top errors',
    groups: 'Error groups',
    what: 'Errors',
    none: 'No executions failed or crashed in this range.',
    noType: 'No error type',
    error: 'Error',
    count: 'Count',
    share: 'Share',
    mostIn: 'Most in',
    others: (count: string, share: string) => `Errors of other types: ${count} (${share}).`,
  },
};
