import { durationTrimmed, isolated, money } from '@/lib/format';

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

interface FilterWords {
  name: string;
  /** How the filter reads after the word "Executions". */
  says: (value: string, other: string) => string;
  hint?: string;
  choices?: Record<string, string>;
}

/** The filters: what they are called, and how they read in the sentence that the chips form. */
export const filters: Record<string, FilterWords> = {
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
    // The smallest amount that is stored.
    says: (value) =>
      Number(value) <= 1e-9 ? 'that cost anything' : `that cost at least ${money(Number(value))}`,
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
  stepType: { name: 'Connector', says: (value) => `that used ${isolated(value)}` },
  failedStepType: {
    name: 'Failed connector',
    says: (value) => `in which ${isolated(value)} failed`,
  },
  fromStep: {
    name: 'Two steps in order',
    says: (value, other) => `that went from ${isolated(value)} straight to ${isolated(other)}`,
  },
  firstStep: { name: 'First step', says: (value) => `that began with ${isolated(value)}` },
  lastStep: { name: 'Last step', says: (value) => `whose last step was ${isolated(value)}` },
  variant: { name: 'Path', says: () => 'that took the chosen path' },
};

export const filtering = {
  subject: 'Executions',
  add: 'Filter',
  remove: (name: string): string => `Remove filter: ${name}`,
  edit: (name: string, says: string): string => `${name}: ${says}`,
  apply: 'Apply',
  /** A filter by a declared dimension, as a part of the sentence. */
  metadata: (label: string, values: string[]): string =>
    `whose ${isolated(label)} is ${anyOf(values.map(isolated))}`,
  ofMetadata: 'metadata',
  other: 'Another value',
  first: 'First step',
  then: 'Directly followed by',
  noValues: 'No values in this range.',
  loadingValues: 'Loading values',
  invalidDuration: 'Enter a duration such as 500 ms, 2 s, 3 m or 1 h.',
  invalidAmount: 'Enter an amount such as 0.25.',
};
