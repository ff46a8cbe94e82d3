/** Every text that people read, by feature. Another language is another folder with the same shape. */
export { auth } from './en/auth';
export { board } from './en/board';
export { changes } from './en/changes';
export { chart } from './en/chart';
export { components } from './en/components';
export { errors } from './en/errors';
export { executions } from './en/executions';
export { frame } from './en/frame';
export { overview } from './en/overview';
export { people } from './en/people';
export { processmap } from './en/processmap';
export { sections } from './en/sections';
export { settings } from './en/settings';
export { workflow } from './en/workflow';
export { workflows } from './en/workflows';
