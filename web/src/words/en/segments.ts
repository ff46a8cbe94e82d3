import type { Unit } from '@/api/types';
import { counted, exact, isolated, percent } from '@/lib/format';
import { noun, nouns } from './nouns';

const member = { users: nouns.user, workflows: nouns.workflow };

/** The words of segments: groups of users or workflows that are defined by what they do. */
export const segments = {
  title: 'Segments',
  note: 'groups of users or workflows that meet conditions',
  nothing:
    'This project has no segments yet. A segment is a group of users or workflows that meet conditions, such as “ran at least 5 workflows in the last 30 days”.',
  ask: 'Ask someone who can change segments to add one.',
  add: 'Add a segment',
  columns: { name: 'Segment', members: 'Members', share: 'Share', changed: 'Changed' },
  change: (name: string) => `Change ${isolated(name)}`,
  remove: (name: string) => `Delete ${isolated(name)}`,
  removeTitle: (name: string) => `Delete ${isolated(name)}?`,
  removeLead: 'Its definition is lost. Its members and their data stay.',
  removeAction: 'Delete segment',
  unknown: 'not known',
  show: (name: string) => `Show the members of ${isolated(name)}`,
  members: {
    title: (name: string) => `Members of ${isolated(name)}`,
    note: (size: number, of: number, what: 'users' | 'workflows') =>
      `${exact(size)} of ${counted(of, member[what])}`,
    nobody: 'No one meets the conditions now.',
    user: 'User',
    workflow: 'Workflow',
    retention: 'Their retention',
    close: 'Close',
    gone: 'There is no segment with this address any more.',
  },
  everyone: { users: 'All users', workflows: 'All workflows' },
  who: {
    users: { all: 'Users who meet all of these:', any: 'Users who meet any of these:' },
    workflows: {
      all: 'Workflows that meet all of these:',
      any: 'Workflows that meet any of these:',
    },
  },
  property: (name: string, values: string[], not: boolean) =>
    `${isolated(name)} ${not ? 'is not' : 'is'} ${values.map(isolated).join(' or ')}`,
  behaviour: (metric: string, comparison: string, value: string, range: string) =>
    `${metric} ${comparison} ${value} ${range}`,
  limited: 'of some events only',
  noValue: 'without a value',
  comparisons: { at_least: 'at least', at_most: 'at most', exactly: 'exactly' },
  lastDays: (days: number) => `in the last ${counted(days, nouns.day)}`,
  last: (length: string) => `in the last ${length}`,
  between: (from: string, to: string) => `from ${from} to ${to}`,
  allTime: 'in all data',
  editor: {
    addTitle: 'New segment',
    changeTitle: 'Change segment',
    save: 'Save segment',
    name: 'Name',
    taken: 'Another segment has this name.',
    of: 'Members are',
    subjects: { users: 'Users', workflows: 'Workflows' },
    match: 'They meet',
    matches: { all: 'all conditions', any: 'any of the conditions' },
    condition: (number: number) => `Condition ${exact(number)}`,
    removeCondition: (number: number) => `Remove condition ${exact(number)}`,
    addBehaviour: 'Add what they did',
    addProperty: 'Add a property',
    metric: 'Figure',
    comparison: 'Comparison',
    value: 'Value',
    valueIn: (unit: string) => `Value in ${unit}`,
    units: {
      percent: 'percent',
      milliseconds: 'milliseconds',
      minutes: 'minutes',
      usd: 'US dollars',
      credits: 'credits',
      bytes: 'bytes',
      tokens: 'tokens',
    } as Partial<Record<Unit, string>>,
    days: 'Within the last days',
    kept: (range: string) => `Empty: ${range}, as before.`,
    filtered: (count: number) =>
      `${counted(count, noun('filter'))} of this figure stay as they are.`,
    property: 'Property',
    other: 'Another field of the metadata…',
    key: 'Field of the metadata',
    is: 'Comparison',
    operators: { in: 'is one of', not_in: 'is none of' },
    values: 'Values, one per line',
    none: 'Also those without a value',
    noConditions: 'Without conditions, everyone is a member.',
  },
  preview: {
    title: 'Members now',
    incomplete: 'Complete the conditions to see who meets them.',
    asking: 'Counting…',
    count: (size: number, of: number, what: 'users' | 'workflows') =>
      `${exact(size)} of ${counted(of, member[what])}`,
    share: (share: number) => `(${percent(share)})`,
    old: 'from before the last change',
    some: 'Among them',
    failed: (reason: string) => `They could not be counted: ${reason}`,
  },
};
