/** What every view of a workflow stands in, and the first of its tabs: loaded when the first of them is opened. */
export { OverviewTab } from './OverviewTab';
export { Workflow } from './Workflow';
