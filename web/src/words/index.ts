/** Every text that people read, by feature. Another language is another folder with the same shape. */
export { changes } from './en/changes';
export { chart } from './en/chart';
export { overview } from './en/overview';
export { workflow } from './en/workflow';
export { workflows } from './en/workflows';
