import type { ServiceLevel } from '@/api/workflow';
import { WINDOWS } from '../search';
import { draftOf, type Draft } from './preview';

/** The fields of a target as they are typed. */
export type Texts = Record<keyof Draft, string>;

/** The fields of the target in force. */
export function textsOf(config: ServiceLevel['config']): Texts {
  const draft = draftOf(config);
  return {
    targetSuccessPct: String(draft.targetSuccessPct),
    errorBudgetPct: String(draft.errorBudgetPct),
    targetP95Ms: String(draft.targetP95Ms),
    minimumRuns: String(draft.minimumRuns),
    window: draft.window,
  };
}

/** What was typed, as the API takes it: of a value that no target can have, it says in which field it is. */
export const numbersOf = (texts: Texts): Draft => ({
  targetSuccessPct: Number(texts.targetSuccessPct),
  errorBudgetPct: Number(texts.errorBudgetPct),
  targetP95Ms: Number(texts.targetP95Ms),
  minimumRuns: Number(texts.minimumRuns),
  window: texts.window as Draft['window'],
});

type NumberField = Exclude<keyof Texts, 'window'>;

/** What the API takes. */
const BOUNDS: Record<NumberField, { least: number; most: number; whole?: true }> = {
  targetSuccessPct: { least: Number.MIN_VALUE, most: 100 },
  errorBudgetPct: { least: 0, most: 100 },
  targetP95Ms: { least: 1, most: 2 ** 48 - 1, whole: true },
  minimumRuns: { least: 1, most: 1_000_000, whole: true },
};

/** The number of a field; `NaN` if it is empty, no number or out of bounds. */
function numberIn(name: NumberField, text: string): number {
  const { least, most, whole } = BOUNDS[name];
  const value = Number(text);
  const possible = value >= least && value <= most && (!whole || Number.isInteger(value));
  return text.trim() !== '' && possible ? value : NaN;
}

/** Whether a target can have what is typed so far; an empty field may be one that is about to be filled in. */
export const isPossible = (name: NumberField, text: string): boolean =>
  text.trim() === '' || !Number.isNaN(numberIn(name, text));

/** What was typed as a target; null while a field is not a number within its bounds. */
export function draftFrom(texts: Texts): Draft | null {
  const number = (name: NumberField): number => numberIn(name, texts[name]);
  const draft = {
    targetSuccessPct: number('targetSuccessPct'),
    errorBudgetPct: number('errorBudgetPct'),
    targetP95Ms: number('targetP95Ms'),
    minimumRuns: number('minimumRuns'),
  };
  const window = WINDOWS.find((entry) => entry === texts.window);
  const numbers = Object.values(draft).every((value) => !Number.isNaN(value));
  return window && numbers ? { ...draft, window } : null;
}
