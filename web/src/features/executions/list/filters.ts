/** The states that the list can be limited to, as the API names them. */
export const STATES = [
  'completed',
  'failed',
  'crashed',
  'canceled',
  'waiting',
  'started',
  'stale',
] as const;
export type State = (typeof STATES)[number];

/** How the value of a filter is chosen. */
type Entry =
  /** Several states. */
  | { kind: 'states' }
  /** One of a few words. */
  | { kind: 'choice'; choices: readonly string[] }
  /** One of the values that occur in the range, by a dimension of the catalogue; the metric counts each of them. */
  | { kind: 'value'; dimension: string; metric?: 'steps' | 'errors' }
  /** One of the error groups of the range. */
  | { kind: 'group' }
  /** Two steps, of which the second directly follows the first: this filter and `toStep`. */
  | { kind: 'pair' }
  | { kind: 'text' }
  /** Whole milliseconds. */
  | { kind: 'duration' }
  /** US dollars. */
  | { kind: 'money' }
  /** Set by other filters, or by links from other pages. */
  | { kind: 'link' };

const anyText = (): boolean => true;
const amount = (text: string): boolean => /^\d{1,12}(\.\d{1,9})?$/.test(text) && Number(text) > 0;
const whole = (text: string): boolean => /^\d{1,15}$/.test(text);
const states = (text: string): boolean =>
  text.split(',').every((part) => (STATES as readonly string[]).includes(part));
const oneOf =
  (...words: string[]) =>
  (text: string): boolean =>
    words.includes(text);

interface Declared {
  /** The name in the URL. */
  id: string;
  /** The name in the API. */
  param: string;
  entry: Entry;
  valid: (text: string) => boolean;
}

/** Every filter of the list, in the order in which they read. */
export const FILTERS = [
  { id: 'status', param: 'status', entry: { kind: 'states' }, valid: states },
  {
    id: 'version',
    param: 'version',
    entry: { kind: 'value', dimension: 'version' },
    valid: anyText,
  },
  {
    id: 'trigger',
    param: 'triggerType',
    entry: { kind: 'value', dimension: 'trigger_type' },
    valid: anyText,
  },
  { id: 'triggerId', param: 'triggerId', entry: { kind: 'text' }, valid: anyText },
  { id: 'user', param: 'userId', entry: { kind: 'value', dimension: 'user' }, valid: anyText },
  { id: 'subject', param: 'subjectId', entry: { kind: 'text' }, valid: anyText },
  { id: 'source', param: 'source', entry: { kind: 'value', dimension: 'source' }, valid: anyText },
  { id: 'minDuration', param: 'minDuration', entry: { kind: 'duration' }, valid: whole },
  { id: 'maxDuration', param: 'maxDuration', entry: { kind: 'duration' }, valid: whole },
  { id: 'minCost', param: 'minCost', entry: { kind: 'money' }, valid: amount },
  { id: 'errorText', param: 'error', entry: { kind: 'text' }, valid: anyText },
  {
    id: 'errorType',
    param: 'errorType',
    entry: { kind: 'value', dimension: 'error_type', metric: 'errors' },
    valid: anyText,
  },
  {
    id: 'errorClass',
    param: 'errorClass',
    entry: { kind: 'value', dimension: 'error_class', metric: 'errors' },
    valid: anyText,
  },
  {
    id: 'errorStep',
    param: 'errorStep',
    entry: { kind: 'value', dimension: 'error_step', metric: 'errors' },
    valid: anyText,
  },
  { id: 'error', param: 'errorGroup', entry: { kind: 'group' }, valid: anyText },
  {
    id: 'called',
    param: 'kind',
    entry: { kind: 'choice', choices: ['root', 'child'] },
    valid: oneOf('root', 'child'),
  },
  {
    id: 'retried',
    param: 'retried',
    entry: { kind: 'choice', choices: ['true', 'false'] },
    valid: oneOf('true', 'false'),
  },
  {
    id: 'isRetry',
    param: 'isRetry',
    entry: { kind: 'choice', choices: ['true', 'false'] },
    valid: oneOf('true', 'false'),
  },
  { id: 'parent', param: 'parentId', entry: { kind: 'text' }, valid: anyText },
  {
    id: 'step',
    param: 'step',
    entry: { kind: 'value', dimension: 'step', metric: 'steps' },
    valid: anyText,
  },
  {
    id: 'stepType',
    param: 'stepType',
    entry: { kind: 'value', dimension: 'step_type', metric: 'steps' },
    valid: anyText,
  },
  {
    id: 'failedStepType',
    param: 'failedStepType',
    entry: { kind: 'value', dimension: 'step_type', metric: 'steps' },
    valid: anyText,
  },
  { id: 'fromStep', param: 'fromStep', entry: { kind: 'pair' }, valid: anyText },
  { id: 'toStep', param: 'toStep', entry: { kind: 'link' }, valid: anyText },
  {
    id: 'firstStep',
    param: 'firstStep',
    entry: { kind: 'value', dimension: 'step', metric: 'steps' },
    valid: anyText,
  },
  {
    id: 'lastStep',
    param: 'lastStep',
    entry: { kind: 'value', dimension: 'step', metric: 'steps' },
    valid: anyText,
  },
  { id: 'variant', param: 'variant', entry: { kind: 'link' }, valid: anyText },
] as const satisfies readonly Declared[];

export type FilterId = (typeof FILTERS)[number]['id'];

/** The values of the filters in the URL; several states are separated by commas, as the API has them. */
export type FilterValues = Partial<Record<FilterId, string>>;

/** The filters that a person can add; a path is chosen on the map. */
export const OFFERED = FILTERS.filter(({ entry }) => entry.kind !== 'link');

/** The filters that are set, each with its value; `fromStep` and `toStep` are one. */
export function chipsOf(search: FilterValues): FilterId[] {
  return FILTERS.map(({ id }) => id).filter((id) => id !== 'toStep' && search[id] !== undefined);
}

/** What removing a filter removes from the URL. */
export function without(id: FilterId): Partial<Record<FilterId, undefined>> {
  if (id === 'fromStep') return { fromStep: undefined, toStep: undefined };
  return { [id]: undefined };
}

/** Milliseconds of `1500`, `840 ms`, `1.5 s`, `3 m`, `2h`, `1 d`; null for any other text. A bare number is seconds. */
export function durationFrom(text: string): number | null {
  const match = /^\s*(\d{1,12}(?:\.\d+)?)\s*(ms|s|m|min|h|d)?\s*$/i.exec(text);
  if (!match) return null;
  const units: Record<string, number> = {
    ms: 1,
    s: 1000,
    m: 60_000,
    min: 60_000,
    h: 3_600_000,
    d: 86_400_000,
  };
  return Math.round(Number(match[1]) * (units[(match[2] ?? 's').toLowerCase()] ?? 1000));
}
