import { useMemo } from 'react';
import type { Change } from '@/api/changes';
import { queryMetrics } from '@/api/queries';
import type { Filter, QueryResult } from '@/api/types';
import type { Asked } from '@/lib/answer';
import { useChanges } from '../changes/useChanges';
import { numberOf, textOf } from '../rows';
import { frameFilters, useAnswer } from '../useCardQuery';
import type { View } from '../view';

/** More outages than this would be a list of their own. */
const MOST_OUTAGES = 3;
const MOST_GROUPS = 500;
/** As many changes as the API gives, which is what the overview asks for, too. */
const MOST_CHANGES = 50;
/** A group belongs to an outage if this part of its failed steps or more are of the connector while it was down. */
const LEAST_SHARE = 0.5;

/** A connector that was down, from when to when (epoch milliseconds). */
export interface Outage {
  id: string;
  connector: string;
  from: number;
  until: number;
}

/** An outage, and the ids of the error groups that belong to it. */
export interface OutageGroups extends Outage {
  groups: string[];
}

/** The outages among what changed; one that is not over lasts until the end of the range. */
export function outagesOf(changes: Change[], end: number): Outage[] {
  const outages = changes.flatMap(({ id, kind, connector, since, until, ongoing }) => {
    if (kind !== 'connector_down' || !connector) return [];
    const over = !ongoing && until != null ? Date.parse(until) : end;
    return [{ id, connector, from: Date.parse(since), until: over }];
  });
  return outages.slice(0, MOST_OUTAGES);
}

type Rows = Pick<QueryResult, 'rows'>;

/** The groups of which most failed steps are of an outage; both answers count failed steps by group. */
export function groupsOf(during: Rows, all: Rows): string[] {
  const failed = ({ rows }: Rows) =>
    new Map(rows.map((row) => [textOf(row, 'error_group'), numberOf(row, 'steps_failed') ?? 0]));
  const whole = failed(all);
  return [...failed(during)].flatMap(([group, count]) =>
    group !== null && count > 0 && count >= LEAST_SHARE * (whole.get(group) ?? Infinity)
      ? [group]
      : [],
  );
}

interface Answer extends Asked {
  outages: OutageGroups[];
}

/** The outages of connectors in a view's range, each with the error groups that belong to it. */
export function useOutages(view: View): OutageGroups[] {
  const changes = useChanges(view, MOST_CHANGES).data?.changes;
  const { to } = view.bounds;
  const outages = useMemo(() => outagesOf(changes ?? [], to), [changes, to]);
  const { data } = useAnswer<Answer>({
    view,
    question: ['outages', outages.map(({ id }) => id), view.env, view.workflows],
    ask: async (bounds, signal, asked) => {
      const failed = (range: { from: string; to: string }, more: Filter[]) =>
        queryMetrics(
          view.project.id,
          {
            metrics: ['steps_failed'],
            dimensions: ['error_group'],
            filters: [...frameFilters(view), ...more],
            orderBy: [{ metric: 'steps_failed', direction: 'desc' }],
            limit: MOST_GROUPS,
            range,
            timezone: view.zone,
          },
          signal,
        );
      const of = ({ connector, from, until }: Outage) =>
        failed({ from: new Date(from).toISOString(), to: new Date(until).toISOString() }, [
          { dimension: 'step_type', op: 'in', values: [connector] },
        ]);
      const [all, ...during] = await Promise.all([failed(bounds, []), ...outages.map(of)]);
      const found = outages.map((outage, index) => ({
        ...outage,
        groups: groupsOf(during[index] ?? { rows: [] }, all),
      }));
      return { outages: found.filter(({ groups }) => groups.length > 0), ...asked() };
    },
    enabled: outages.length > 0,
    when: 'later',
  });
  return (outages.length > 0 && data?.outages) || NONE;
}

const NONE: OutageGroups[] = [];
