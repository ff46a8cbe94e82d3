import type { Rule, RuleKind } from '@/api/conformance';

const MS = { minutes: 60_000, hours: 3_600_000, days: 86_400_000 } as const;
export type TimeUnit = keyof typeof MS;
export const TIME_UNITS = Object.keys(MS) as TimeUnit[];

/** What a rule of a kind needs besides its step. */
export interface Needs {
  other: boolean;
  within: boolean;
  times: boolean;
}

/** What a rule of a kind needs. */
export function needsOf(kind: RuleKind): Needs {
  const two: RuleKind[] = [
    'never_before',
    'followed_by',
    'followed_within',
    'preceded_by',
    'never_together',
  ];
  return {
    other: two.includes(kind),
    within: kind === 'followed_within',
    times: kind === 'at_most',
  };
}

/** The rule as another kind: what both need stays, what only the new one needs gets a usual value. */
export function asKind(rule: Rule, kind: RuleKind): Rule {
  const needs = needsOf(kind);
  return {
    ...rule,
    kind,
    other: needs.other ? rule.other : null,
    withinMs: needs.within ? (rule.withinMs ?? 2 * MS.days) : null,
    times: needs.times ? (rule.times ?? 1) : null,
  };
}

/** A rule that is yet to be filled in. */
export const EMPTY_RULE: Rule = {
  kind: 'never_before',
  step: '',
  other: null,
  withinMs: null,
  times: null,
};

/** Whether a rule says everything that its kind needs. */
export function complete(rule: Rule): boolean {
  const needs = needsOf(rule.kind);
  return (
    rule.step !== '' &&
    (!needs.other || Boolean(rule.other)) &&
    (!needs.within || (rule.withinMs ?? 0) > 0) &&
    (!needs.times || Number.isInteger(rule.times))
  );
}

/** A duration in the largest unit in which it is a whole number. */
export function inUnits(ms: number): { value: number; unit: TimeUnit } {
  const unit = TIME_UNITS.toReversed().find((candidate) => ms % MS[candidate] === 0) ?? 'minutes';
  return { value: ms / MS[unit], unit };
}

/** A duration in milliseconds. */
export const fromUnits = (value: number, unit: TimeUnit): number => Math.round(value * MS[unit]);
