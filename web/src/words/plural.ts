import { LOCALE } from './locale';

const rules = new Intl.PluralRules(LOCALE);

/** The forms of a word by number, as the language counts: English has `one` and `other`, other languages up to six. */
export type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** The form of a word that goes with a number: `plural(1, { one: 'execution', other: 'executions' })`. */
export function plural(count: number, forms: Forms): string {
  return forms[rules.select(count)] ?? forms.other;
}
