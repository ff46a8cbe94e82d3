import type { Change } from '@/api/changes';
import { rangeToParams } from '@/lib/range';
import { frameOf, type PageSearch } from '@/lib/search';
import { startOfDay } from '@/lib/zone';
import { changes as words } from '@/words';
import { markParameter } from '../mark';
import { saidOf } from './said';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Filters with more workflows than this make links too long to read. */
const MOST_WORKFLOWS = 12;

/** The changes whose connector is a type of step, not the provider of a cost. */
const CONNECTOR_KINDS: Change['kind'][] = ['connector_down', 'failures_rising', 'step_slower'];

/** The page that explains a change. */
interface Place {
  to: string;
  params?: Record<string, string>;
  /** The figure that its main chart draws. */
  figure?: string;
  /** The workflows that the page is limited to. */
  workflow?: string[];
  /** The step that the page draws. */
  step?: string;
  /** What the heatmap of a connector shows. */
  measure?: 'slowness';
}

/** The pages of one workflow that explain each kind of change. */
function inWorkflow(id: string, tab: string, figure?: string): Place {
  return { to: `/workflows/$id${tab}`, params: { id }, figure };
}

function placeOf(change: Change): Place {
  const { kind, connector, errorGroup, workflows, workflowCount } = change;
  const id = (change.workflow ?? (workflowCount === 1 ? workflows[0] : undefined))?.id;
  const all = workflows.length === workflowCount && workflowCount <= MOST_WORKFLOWS;
  const workflow = all ? workflows.map((entry) => entry.id) : undefined;
  if (errorGroup && (kind === 'error_new' || kind === 'error_escalating')) {
    return { to: '/errors/$group', params: { group: errorGroup.id } };
  }
  // What a connector did to several workflows at once is explained on its own page.
  if (connector && CONNECTOR_KINDS.includes(kind) && (kind === 'connector_down' || !id)) {
    return {
      to: '/connectors/$stepType',
      params: { stepType: connector },
      measure: kind === 'step_slower' ? 'slowness' : undefined,
    };
  }
  switch (kind) {
    case 'step_slower':
      return id
        ? { ...inWorkflow(id, '/steps'), step: change.step?.id }
        : { to: '/', workflow, figure: 'duration_p50' };
    case 'workflow_slower':
      return id
        ? inWorkflow(id, '', 'duration_p50')
        : { to: '/', workflow, figure: 'duration_p50' };
    case 'workflow_silent':
      return id ? inWorkflow(id, '') : { to: '/', workflow };
    case 'cost_spike':
      return id ? inWorkflow(id, '/cost') : { to: '/', workflow, figure: 'cost' };
    case 'connector_down':
      return { to: '/', workflow, figure: 'failed' };
    case 'failures_rising':
      return id ? inWorkflow(id, '/errors') : { to: '/', workflow, figure: 'failed' };
    case 'error_new':
    case 'error_escalating':
      return { to: '/errors', workflow };
  }
}

const within = (value: number, least: number, most: number): number =>
  Math.max(least, Math.min(most, value));

/**
 * The range that shows a change together with what was usual before it: as long before an ongoing change as it has
 * lasted, three times as long before and once as long after one that is over; in whole days, or whole hours if it is short.
 */
export function rangeAround(
  change: Pick<Change, 'since' | 'until' | 'ongoing'>,
  bounds: { from: number; to: number },
  zone: string,
): { from: number; to: number } {
  const since = Date.parse(change.since);
  const over = !change.ongoing && change.until != null ? Date.parse(change.until) : null;
  const length = Math.max(HOUR, (over ?? bounds.to) - since);
  const before =
    over === null ? within(length, DAY, 30 * DAY) : within(3 * length, 6 * HOUR, 14 * DAY);
  const after = over === null ? 0 : within(length, 3 * HOUR, 7 * DAY);
  const [from, to] = [since - before, Math.min(bounds.to, (over ?? bounds.to) + after)];
  if (to - from < 3 * DAY) {
    return { from: Math.floor(from / HOUR) * HOUR, to: Math.ceil(to / HOUR) * HOUR };
  }
  const end = startOfDay(to, zone);
  return { from: startOfDay(from, zone), to: end === to ? to : startOfDay(to, zone, 1) };
}

/** A link to the page that explains a change, with the range, the filters and the mark set. */
export function targetOf(change: Change, bounds: { from: number; to: number }, zone: string) {
  const { to, params, ...filters } = placeOf(change);
  const until = change.ongoing || change.until == null ? undefined : Date.parse(change.until);
  const mark = markParameter(
    Date.parse(change.since),
    words.mark[change.kind](saidOf(change)),
    until,
  );
  const range = { kind: 'absolute' as const, ...rangeAround(change, bounds, zone) };
  return {
    to,
    params,
    search: (previous: PageSearch): PageSearch => ({
      ...frameOf(previous),
      ...rangeToParams(range),
      by: undefined,
      compare: undefined,
      workflow: undefined,
      figure: undefined,
      ...filters,
      mark,
    }),
  };
}
