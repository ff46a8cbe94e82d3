export { board } from './en/board';
export { chart } from './en/chart';
export { components } from './en/components';
export { errors } from './en/errors';
export { frame } from './en/frame';
