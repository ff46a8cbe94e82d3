/** The texts that users read, a file for each feature. */
export { executions } from './en/executions';
