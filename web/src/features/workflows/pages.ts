/** The list of workflows, loaded when it is first opened. */
export { Workflows } from './Workflows';
