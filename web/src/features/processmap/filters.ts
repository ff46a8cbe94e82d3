import { ERROR_STATUSES } from '../executionsLink';
import type { MapFilters } from './ExecutionsLink';
import { stepOf, type MapEdge } from './graph';

/** The states of the executions that reach an end of the map. */
const STATUSES: Record<string, string | string[]> = {
  end: 'completed',
  failed: ERROR_STATUSES,
  dropped: 'canceled',
};

/** What an arrow counts, as filters of the list of executions. */
export function filtersOf({ from, to }: Pick<MapEdge, 'from' | 'to'>): MapFilters {
  const [first, second] = [stepOf(from), stepOf(to)];
  if (first !== null && second !== null) return { fromStep: first, toStep: second };
  if (first !== null) return { lastStep: first, status: STATUSES[to] };
  return { firstStep: second ?? undefined };
}
