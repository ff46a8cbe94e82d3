/** The pages about errors: loaded when the first of them is opened. */
export { ErrorGroup } from './ErrorGroup';
export { ErrorGroups } from './ErrorGroups';
export { ErrorRules } from './ErrorRules';
