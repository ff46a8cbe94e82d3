import { compare } from './executions/compare';
import { filtering, filters } from './executions/filters';
import { columns, list } from './executions/list';
import { one } from './executions/one';
import { drawer, waterfall } from './executions/waterfall';

const STATES: Record<string, string> = {
  completed: 'completed',
  failed: 'failed',
  crashed: 'crashed',
  canceled: 'canceled',
  waiting: 'waiting',
  started: 'started',
  stale: 'stale',
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
