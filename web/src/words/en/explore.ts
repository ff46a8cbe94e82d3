import { counted, exact, isolated } from '@/lib/format';
import { noun } from './nouns';

const and = (parts: string[]): string =>
  parts.length < 2
    ? (parts[0] ?? '')
    : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;

/** The texts of the page Explore. */
export const explore = {
  title: (figures: string[], by: string[]) =>
    by.length > 0 ? `${and(figures)} by ${and(by)}` : and(figures),
  page: 'Explore',
  /** What a starter question asks. */
  starter: (title: string, time: boolean) => (time ? `${title} over time` : title),
  lead: 'Ask any figure of the catalogue, or start with a question:',
  questions: 'Questions to start with',
  builder: 'Query',
  change: 'Change the query',
  done: 'Hide the query',
  metrics: 'Show',
  addMetric: 'Add a metric',
  groups: 'Group by',
  addGroup: 'Add a dimension',
  filters: 'Where',
  addFilter: 'Add a filter',
  remove: (name: string) => `Remove ${isolated(name)}`,
  /** What people call dimensions besides their labels. */
  alsoCalled: { step_type: 'connector', step: 'node', user: 'person' } as Record<string, string>,
  declared: 'Declared by the project',
  common: 'Of the chosen metrics',
  uncommon: 'Not of every chosen metric',
  families: {
    executions: 'Executions',
    work: 'Work items',
    steps: 'Steps',
    costs: 'Costs',
    activity: 'Activity',
    errors: 'Errors',
    documents: 'Documents',
    queues: 'Queues',
    goals: 'Goals',
    arrivals: 'Ingestion',
  } as Record<string, string>,
  units: {
    count: 'count',
    percent: '%',
    milliseconds: 'duration',
    minutes: 'minutes',
    usd: 'US$',
    credits: 'credits',
    bytes: 'bytes',
    tokens: 'tokens',
  },
  is: (dimension: string, values: string[], not: boolean) =>
    `${isolated(dimension)} ${not ? 'is not' : 'is'} ${values.map(isolated).join(' or ')}`,
  edit: (filter: string) => `Change the filter: ${filter}`,
  operators: { in: 'is', not_in: 'is not' },
  operator: 'Whether the values are included',
  noFilterValue: 'no value',
  loadingValues: 'Loading values',
  noValues: 'No values in this range.',
  otherValue: 'Another value',
  over: 'Time',
  overs: { time: 'Over time', range: 'Whole range' },
  chart: 'Chart',
  kinds: { line: 'Lines', area: 'Areas', bars: 'Bars', table: 'Table' },
  sort: 'Sort by',
  ascending: 'Smallest first',
  descending: 'Largest first',
  direction: 'Direction',
  limit: 'Groups',
  limits: (count: number) => `First ${exact(count)}`,
  other: 'Sum up the rest',
  notCompared: 'Groups over time are not compared. Choose the whole range to compare them.',
  /** Groups in the answer. */
  noValue: (dimension: string) => `No ${dimension}`,
  group: (names: string[]) => names.join(' · '),
  behind: (figure: string, group: string) => `${figure}, ${isolated(group)}: show the executions`,
  others: (groups: number) => `${exact(groups)} others`,
  wholeRange: 'Whole range',
  time: 'Time',
  changeOf: (metric: string) => `${metric}, change`,
  before: (figure: string) => `before: ${figure}`,
  table: 'All figures',
  rows: (count: number) => counted(count, noun('row')),
  rowsCut: (shown: number, all: number) =>
    `The first ${exact(shown)} of ${exact(all)} rows. The CSV file has all of them.`,
  csv: 'CSV',
  csvHint: 'Download the table as CSV',
  empty: 'No figures in this range.',
  moreCharts: (count: number) =>
    count === 1 ? 'The table has one more metric.' : `The table has ${exact(count)} more metrics.`,
  query: 'Query as JSON and curl',
  json: 'JSON',
  curl: 'curl command',
  curlHint: 'WEIR_API_KEY is an API key that may read this project.',
  /** What the API says of a mistake, and what it proposes: the nearest name, or a hint. */
  fixed: (said: string, fix: string) => `${said} Fix: ${fix}`,
  answer: 'The answer',
  refused: 'This query has no answer',
};
