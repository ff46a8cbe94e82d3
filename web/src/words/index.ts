/** Every text that people read, by feature. Another language is another folder with the same shape. */
export { workflow } from './en/workflow';
