/** Every text that people read, by feature. Another language is another folder with the same shape. */
export { chart } from './en/chart';
export { processmap } from './en/processmap';
export { workflow } from './en/workflow';
