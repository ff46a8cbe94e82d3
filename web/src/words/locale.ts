/** The language of the words, and of the numbers in them (BCP 47). The only place that names it. */
export const LOCALE = 'en';
