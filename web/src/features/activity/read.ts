import { ACTIVITY, type ActivityReport, type EngagementReport } from '@/api/activity';
import type { QueryState } from '@/components/QueryContent';
import type { Asked } from '@/lib/answer';
import type { View } from '../view';
import { useRead } from '../read';

/** The view as the API for activity sees it: it takes one workflow, so without the workflows if several are chosen. */
export const activityView = (view: View): View =>
  view.workflows.length > 1 ? { ...view, workflows: [] } : view;

/** What users did in the range of a view: in total, over time and by feature. */
export function useActivity(view: View): QueryState<ActivityReport & Asked> {
  return useRead<ActivityReport>(view, ACTIVITY, {
    granularity: view.granularity,
    workflowId: view.workflows[0],
  });
}

/** The active users of each day of the range. */
export function useActives(view: View): QueryState<EngagementReport & Asked> {
  return useRead<EngagementReport>(view, `${ACTIVITY}/engagement`, {
    workflowId: view.workflows[0],
    // The users themselves are on a tab of their own.
    limit: 1,
  });
}
