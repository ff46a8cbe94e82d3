import type { Change, ChangeKind } from '@/api/changes';
import type { IconName } from '@/components/Icon';
import { compact, counted, duration, exact, figure, money, multiple, percent } from '@/lib/format';
import { say, startOfDay, wallAt } from '@/lib/zone';
import { changes as words, dates, figures, nouns } from '@/words';
import type { Part, Said } from '@/words/en/changes';
import { commonName } from '../families';

/** The icon of each kind of change. */
export const ICONS: Record<ChangeKind, IconName> = {
  step_slower: 'slower',
  workflow_slower: 'slower',
  failures_rising: 'rising',
  connector_down: 'plug',
  cost_spike: 'coins',
  error_new: 'bug',
  error_escalating: 'rising',
  workflow_silent: 'silent',
};

/** The workflows of a change in words: a name, or what several names have in common. */
function subjectOf({ workflow, workflows, workflowCount }: Change): string | null {
  if (!workflow && workflowCount === 0) return null;
  const only = workflow ?? (workflowCount === 1 ? workflows[0] : undefined);
  if (only) return only.name;
  // What is not listed may be called anything.
  const common =
    workflows.length === workflowCount ? commonName(workflows.map(({ name }) => name)) : null;
  const count = counted(workflowCount, nouns.workflow);
  return common === null ? count : `${common} (${count})`;
}

/** `6.1 ×`, `24 ×`; null for less than a tenth more, which no sentence should make a fuss about. */
export function times(ratio: number | null | undefined): string | null {
  if (ratio == null || ratio < 1.1) return null;
  return ratio < 9.95 ? multiple(ratio, 1) : figures.times(compact(Math.round(ratio)));
}

/** What the sentence of a change says. */
export function saidOf(change: Change): Said {
  const { step, workflowCount } = change;
  return {
    subject: subjectOf(change),
    step: step ? step.name || step.id : null,
    connector: change.connector ?? null,
    model: change.model ?? null,
    error: change.errorGroup?.title ?? '',
    version: change.version ?? null,
    before: figure(change.before, change.unit),
    after: figure(change.after, change.unit),
    times: times(change.ratio),
    workflows: workflowCount > 1 ? counted(workflowCount, nouns.workflow) : null,
    ongoing: change.ongoing,
  };
}

/** The sentence of a change in parts. */
export const sentenceOf = (change: Change): Part[] => words.sentence[change.kind](saidOf(change));

/** Parts as plain text. */
export const textOf = (parts: Part[]): string =>
  parts
    .map((part) => (typeof part === 'string' ? part : 'strong' in part ? part.strong : part.name))
    .join('');

const more = (value: number, shown: (size: number) => string): string =>
  value < 0 ? `−${shown(-value)}` : `+${shown(value)}`;

/** The effect of a change in plain units, the most telling first. */
export function effectsOf({ kind, effect, difference, unit }: Change): string[] {
  const said = words.effect;
  const effects: (string | null)[] = [];
  if (effect.failedRuns != null && effect.failedRuns > 0) {
    const count = Math.round(effect.failedRuns);
    effects.push(count === 1 ? said.oneFailedRun : said.failedRuns(exact(count)));
  }
  if (effect.perRunMilliseconds != null) {
    const perRun = said.perRun(more(effect.perRunMilliseconds, duration));
    const sure =
      difference && unit === 'milliseconds' ? ` (${boundsOf(difference, duration)})` : '';
    effects.push(perRun + sure);
  }
  if (effect.costPerDay != null) effects.push(said.costPerDay(more(effect.costPerDay, money)));
  if (kind === 'workflow_silent' && effect.runs != null) {
    effects.push(said.missingRuns(exact(Math.round(Math.abs(effect.runs)))));
  }
  // The total of a day or less says nothing new.
  const longer = Math.abs(effect.cost ?? 0) > 1.2 * Math.abs(effect.costPerDay ?? 0);
  if (effects.length < 2 && effect.cost != null && longer) {
    effects.push(said.cost(more(effect.cost, money)));
  }
  if (effects.length === 0 && effect.milliseconds != null) {
    effects.push(said.time(more(effect.milliseconds, duration)));
  }
  if (effects.length === 0 && effect.runs != null) {
    effects.push(said.runs(exact(Math.round(effect.runs))));
  }
  return effects.filter((text) => text !== null);
}

const boundsOf = (
  { lower, upper }: { lower: number; upper: number },
  shown: (value: number) => string,
): string => words.bounds(more(lower, shown), more(upper, shown));

/** What the confidence rests on. */
export function evidenceOf({ samples, pValue }: Change): string {
  const chance =
    pValue == null ? null : pValue < 0.001 ? words.belowThousandth : percent(pValue * 100);
  return words.evidence(exact(samples.before), exact(samples.after), chance);
}

/**
 * When a change was: `since 21 Nov, 14:00`, or `24 Nov, 09:00 to 12:00`. What is known to the day has no hours, and
 * years are left out in the year of the range.
 */
export function whenOf(change: Change, zone: string, year: number): string {
  const daily = change.series.bucket === 'day';
  const date = (instant: number): string => {
    const wall = wallAt(instant, zone);
    return wall.year === year ? say.day(wall) : say.date(wall);
  };
  const moment = (instant: number): string =>
    daily ? date(instant) : dates.dateTime(date(instant), say.time(wallAt(instant, zone)));
  const from = Date.parse(change.since);
  if (change.ongoing || change.until == null) return words.since(moment(from));
  const to = Date.parse(change.until);
  // The end is not part of it: a day ends where the next one begins.
  const last = daily ? to - 1 : to;
  const sameDay = startOfDay(from, zone) === startOfDay(last, zone);
  if (sameDay) return daily ? moment(from) : dates.span(moment(from), say.time(wallAt(to, zone)));
  return dates.span(moment(from), moment(last));
}
