/**
 * The words of figures and dates. Formatters use them, and the other catalogues use the formatters: importing these from
 * `index.ts` would go in a circle.
 */
export { dates } from './en/dates';
export { figures } from './en/figures';
export { nouns } from './en/nouns';
