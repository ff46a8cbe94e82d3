import type { EngagementReport, EngagementRule, ScoredUser } from '@/api/activity';
import { PARTS } from '../parts';

export type Rule = Pick<EngagementRule, 'weights' | 'targets'>;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Scores from which on a level begins. */
const LEVELS = { high: 70, medium: 40 };

const within = (part: number): number => Math.max(0, Math.min(1, part));

/** How many days an answer of some moment counts: a range ends with the current hour at the latest. */
export function countedDays({ range }: Pick<EngagementReport, 'range'>, at: number): number {
  const hour = Math.ceil(at / HOUR) * HOUR;
  return (Math.min(Date.parse(range.to), hour) - Date.parse(range.from)) / DAY;
}

/** The parts of a user's score by a rule. Recency has no target. */
function partsBy(user: ScoredUser, { targets }: Rule, days: number) {
  const minutes = user.activeDays > 0 ? user.activeTimeMs / 60_000 / user.activeDays : 0;
  return {
    recency: user.recency,
    frequency: within(user.activeDays / ((targets.daysPerWeek * days) / 7)),
    depth: within(minutes / targets.minutesPerDay),
    breadth: within(user.features / targets.features),
  };
}

/** A user's score by a rule, 0 to 100. */
export function scoreBy(user: ScoredUser, rule: Rule, days: number): number {
  const parts = partsBy(user, rule, days);
  const weighed = PARTS.reduce((sum, part) => sum + rule.weights[part] * parts[part], 0);
  return (100 * weighed) / PARTS.reduce((sum, part) => sum + rule.weights[part], 0);
}

/** A user in the ranking by another rule. */
export interface Ranked {
  userId: string;
  rank: number;
  /** How many places up; negative for down. */
  moved: number;
  now: number;
  then: number;
}

/** Users, the highest score first, ranked by another rule. */
export function rankedBy(users: ScoredUser[], rule: Rule, days: number): Ranked[] {
  return users
    .map((user, index) => ({ user, before: index, then: scoreBy(user, rule, days) }))
    .sort((a, b) => b.then - a.then || a.before - b.before)
    .map(({ user, before, then }, index) => ({
      userId: user.userId,
      rank: index + 1,
      moved: before - index,
      now: user.score,
      then,
    }));
}

/** How many scores are high, medium and low. */
export function levelsOf(ranked: Ranked[]): { high: number; medium: number; low: number } {
  const high = ranked.filter(({ then }) => then >= LEVELS.high).length;
  const upper = ranked.filter(({ then }) => then >= LEVELS.medium).length;
  return { high, medium: upper - high, low: ranked.length - upper };
}

/** The rule that texts describe; null if the API would refuse it. */
export function ruleFrom(text: (name: string) => string): Rule | null {
  const number = (name: string): number => {
    const typed = text(name).replace(',', '.');
    return typed === '' ? NaN : Number(typed);
  };
  const weights = {
    recency: number('recency'),
    frequency: number('frequency'),
    depth: number('depth'),
    breadth: number('breadth'),
  };
  const targets = {
    daysPerWeek: number('daysPerWeek'),
    minutesPerDay: number('minutesPerDay'),
    features: number('features'),
  };
  const weighed = Object.values(weights);
  const fine =
    weighed.every((weight) => weight >= 0) &&
    weighed.some((weight) => weight > 0) &&
    Object.values(targets).every((target) => target > 0);
  return fine ? { weights, targets } : null;
}
