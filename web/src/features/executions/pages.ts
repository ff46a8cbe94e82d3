/** Every page about executions: loaded when the first of them is opened. */
export { Compare } from './compare/Compare';
export { ExecutionList } from './list/ExecutionList';
export { Execution } from './one/Execution';
