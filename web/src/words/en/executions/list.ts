import { counted, exact } from '@/lib/format';
import { noun } from '../nouns';

/** The texts of the list of executions. */
export const list = {
  title: 'Executions',
  summary: (count: number, filtered: boolean, when: string): string => {
    const what = count === 0 ? 'No executions' : counted(count, noun('execution'));
    const match = filtered ? (count === 1 ? ' matches' : ' match') : '';
    return `${what}${match} ${when}.`;
  },
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
  freshLabel: (count: number): string => `Show ${counted(count, noun('new or changed execution'))}`,
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
export const columns: Record<string, string> = {
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
  cost: 'Cost',
  error: 'Error',
  id: 'ID',
};
