import type { Granularity } from '@/api/types';
import type { Enrolment, Funnel, Parameters, WorkflowActions } from '@/api/workflow';
import type { QueryState } from '@/components/QueryContent';
import type { Asked } from '@/lib/answer';
import type { View } from '../../view';
import { useRead } from '../../read';
import type { FunnelSearch } from '../search';

/** The API's words for the lengths of buckets; other lengths are left to the server. */
const LENGTHS: Partial<Record<Granularity, string>> = {
  hour: 'hourly',
  day: 'daily',
  week: 'weekly',
  month: 'monthly',
};

/** What both questions about enrolments have in common. */
const common = (view: View, search: FunnelSearch): Parameters => ({
  granularity: LENGTHS[view.granularity],
  unit: search.unit,
  window: search.within,
});

const pathOf = (workflow: string, part = ''): string =>
  `/api/v1/workflows/${encodeURIComponent(workflow)}/analytics${part}`;

/** Everything that the tab of the funnel shows. */
export function useFunnel(
  view: View,
  workflow: string,
  search: FunnelSearch,
): {
  enrolment: QueryState<Enrolment & Asked>;
  funnel: QueryState<Funnel & Asked>;
  actions: QueryState<WorkflowActions & Asked>;
} {
  const enrolment = useRead<Enrolment>(view, pathOf(workflow), common(view, search));
  const funnel = useRead<Funnel>(view, pathOf(workflow, '/funnel'), {
    ...common(view, search),
    order: search.order,
    breakdown: search.breakdown,
  });
  const actions = useRead<WorkflowActions>(view, pathOf(workflow, '/actions'), {});
  return { enrolment, funnel, actions };
}
