import { WORKFLOW_ANALYTICS } from '@/api/reliability';
import type { ServiceLevel, ServiceSeries } from '@/api/workflow';
import type { QueryState } from '@/components/QueryContent';
import type { Asked } from '@/lib/answer';
import type { View } from '../../view';
import { useRead } from '../../read';
import { WINDOWS, type Window } from '../search';

/** Where service levels are read. */
export const SLI = `${WORKFLOW_ANALYTICS}/sli`;

/** The length of buckets in each window. */
export const BUCKETS = { '1d': '1h', '7d': '1h', '28d': '1d', '30d': '1d' } as const;

/** A service level, its figures over time, and its window. */
export interface Service {
  report: QueryState<ServiceLevel & Asked>;
  series: QueryState<ServiceSeries & Asked>;
  /** The window that is shown, once it is known. */
  shown: Window | undefined;
}

/** The service level of the one workflow of a view, or of its project; without a window, in that of its target. */
export function useService(view: View, window: Window | undefined): Service {
  const [workflowId] = view.workflows;
  const report = useRead<ServiceLevel>(view, SLI, { workflowId, window }, { ranged: false });
  const shown = window ?? WINDOWS.find((entry) => entry === report.data?.config.window);
  const series = useRead<ServiceSeries>(
    view,
    `${WORKFLOW_ANALYTICS}/timeseries`,
    { workflowId, window: shown, bucket: shown && BUCKETS[shown] },
    { ranged: false, enabled: shown !== undefined },
  );
  return { report, series, shown };
}
