import type { Change } from '@/api/changes';
import { levelOf, type Level, type Measure, type Span } from './heat';
import { shareBounds } from '@/lib/chance';

/** The changes whose connector is a type of step: costs name providers, which are none. */
const KINDS: Change['kind'][] = ['connector_down', 'failures_rising', 'step_slower'];

/**
 * The changes that are about connectors, in the order of the answer, the largest effect first. For one connector, also
 * those of its steps in single workflows, whose cause need not be the connector.
 */
export const incidentsOf = (changes: Change[], only?: string): Change[] =>
  changes.filter(({ kind, connector, step }) => {
    if (!KINDS.includes(kind)) return false;
    return only === undefined ? connector != null : (connector ?? step?.type) === only;
  });

/** Whether a change is about a connector as a whole, rather than about one of its steps. */
const isWhole = ({ connector, workflowCount }: Change): boolean =>
  connector != null && workflowCount > 1;

/** When an incident was, cut to a range; null if it was outside. */
export function spanOf(change: Change, bounds: { from: number; to: number }): Span | null {
  const over = change.ongoing || change.until == null ? bounds.to : Date.parse(change.until);
  const from = Math.max(bounds.from, Date.parse(change.since));
  const until = Math.min(bounds.to, over);
  return from < until ? { from, until } : null;
}

const MEASURES: Partial<Record<Change['kind'], Measure>> = {
  connector_down: 'failures',
  failures_rising: 'failures',
  step_slower: 'slowness',
};

/** An incident as one block of the heatmap. */
export interface Outage extends Span {
  change: Change;
  level: Level;
}

/** How bad an incident was, by the lower bound of its figures. */
function degreeOf({ after, before, samples, difference, ratio }: Change, measure: Measure): Level {
  if (measure === 'failures') {
    return levelOf(measure, shareBounds((after / 100) * samples.after, samples.after).lower);
  }
  return levelOf(measure, difference && before > 0 ? 1 + difference.lower / before : (ratio ?? 1));
}

/** The incidents of a connector as a whole that the heatmap draws as one block each, in the order of time. */
export function outagesOf(
  changes: Change[],
  connector: string,
  measure: Measure,
  bounds: { from: number; to: number },
): Outage[] {
  return incidentsOf(changes, connector)
    .filter((change) => isWhole(change) && MEASURES[change.kind] === measure)
    .flatMap((change) => {
      const span = spanOf(change, bounds);
      return span ? [{ ...span, change, level: degreeOf(change, measure) }] : [];
    })
    .sort((a, b) => a.from - b.from);
}
