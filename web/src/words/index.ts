export { board } from './en/board';
export { chart } from './en/chart';
export { errors } from './en/errors';
