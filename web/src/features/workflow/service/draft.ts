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

/** What was typed as a target; null while a field is not a number within its bounds. */
export function draftFrom(texts: Texts): Draft | null {
  const number = (name: keyof Texts, least: number, most: number): number => {
    const text = texts[name].trim();
    const value = Number(text);
    return text !== '' && value >= least && value <= most ? value : NaN;
  };
  const draft = {
    targetSuccessPct: number('targetSuccessPct', Number.MIN_VALUE, 100),
    errorBudgetPct: number('errorBudgetPct', 0, 100),
    targetP95Ms: number('targetP95Ms', 1, 2 ** 48 - 1),
    minimumRuns: number('minimumRuns', 1, 1_000_000),
  };
  const window = WINDOWS.find((entry) => entry === texts.window);
  const whole = [draft.targetP95Ms, draft.minimumRuns].every(Number.isInteger);
  const numbers = Object.values(draft).every((value) => !Number.isNaN(value));
  return window && whole && numbers ? { ...draft, window } : null;
}
