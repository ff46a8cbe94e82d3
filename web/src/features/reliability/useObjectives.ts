import { useMemo } from 'react';
import { readFigures, type ServiceLevel } from '@/api/workflow';
import type { QueryState } from '@/components/QueryContent';
import type { Asked } from '@/lib/answer';
import { boundsOf, type Range } from '@/lib/range';
import { numberOf, textOf } from '../rows';
import { useAnswer, useCardQuery, type CardQuery } from '../useCardQuery';
import type { View } from '../view';
import type { Window } from '../workflow/search';
import { SLI } from '../workflow/service/read';
import type { Objective } from './objectives';

/** How many workflows are judged: the API answers for one at a time. */
export const MOST = 24;
/** How far back a workflow must have run to be judged: no window is longer. */
const LOOKED_BACK: Range = { kind: 'last', last: '30d' };

const busiest: CardQuery = {
  metrics: ['executions'],
  dimensions: ['workflow'],
  orderBy: [{ metric: 'executions', direction: 'desc' }],
  limit: 1000,
};

/** The objectives of workflows, and how many workflows there are. */
export type Objectives = Asked & { objectives: Objective[]; workflows: number };

/** The service levels of the busiest workflows of a project, in a window or each in that of its target. */
export function useObjectives(view: View, window: Window | undefined): QueryState<Objectives> {
  const recent = useMemo(
    () => ({
      ...view,
      range: LOOKED_BACK,
      bounds: boundsOf(LOOKED_BACK, view.extent, view.now, view.zone),
      relative: true,
    }),
    [view],
  );
  const names = useCardQuery(recent, busiest, true, 'later');
  const workflows = useMemo(
    () =>
      (names.data?.rows ?? []).flatMap((row) => {
        const id = textOf(row, 'workflow');
        if (id === null || (numberOf(row, 'executions') ?? 0) === 0) return [];
        return [{ id, name: names.data?.labels?.workflow?.[id] ?? id }];
      }),
    [names.data],
  );
  const judged = workflows.slice(0, MOST);
  const asked = { environment: view.env, timezone: view.zone, window };
  const found = useAnswer<Objectives>({
    view,
    question: ['objectives', judged, workflows.length, asked],
    ask: async (_bounds, signal, answered) => {
      const reports = await Promise.all(
        judged.map(({ id }) =>
          readFigures<ServiceLevel>(SLI, view.project.id, { ...asked, workflowId: id }, signal),
        ),
      );
      const objectives = reports.flatMap((report, index) => {
        const workflow = judged[index];
        return workflow ? [{ workflowId: workflow.id, name: workflow.name, report }] : [];
      });
      return { objectives, workflows: workflows.length, ...answered() };
    },
    enabled: names.data !== undefined,
    when: 'later',
  });
  return names.isError && !names.data ? { ...found, isError: true, error: names.error } : found;
}
