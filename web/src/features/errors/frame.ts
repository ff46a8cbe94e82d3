import {
  readErrorGroup,
  readErrorGroups,
  type ErrorFrame,
  type ErrorGroupDetail,
  type ErrorGroups,
  type GroupState,
} from '@/api/errors';
import type { QueryState } from '@/components/QueryContent';
import type { Asked } from '@/lib/answer';
import { useAnswer } from '../useCardQuery';
import { usePageSearch, type View } from '../view';

/** How many groups are listed at first, and at most. */
export const FEW_GROUPS = 40;
export const MANY_GROUPS = 500;

/** The parameters of a view for a request for errors. The API takes one workflow: if several are chosen, none is sent. */
export function errorFrame(view: View): ErrorFrame {
  return {
    environment: view.env,
    timezone: view.zone,
    workflowId: view.workflows.length === 1 ? view.workflows[0] : undefined,
  };
}

/** The view as the API for errors sees it: without the workflows if several are chosen. */
export const errorView = (view: View): View =>
  view.workflows.length > 1 ? { ...view, workflows: [] } : view;

/** The error groups of a view, narrowed to the class in the URL, and by what was decided about them. */
export function useErrorGroups(
  view: View,
  decided: { state?: GroupState; assigneeId?: string } = {},
): QueryState<ErrorGroups & Asked> {
  const { errorClass, groups } = usePageSearch();
  const limit = String(groups === 'all' ? MANY_GROUPS : FEW_GROUPS);
  const frame = { ...errorFrame(view), errorClass, limit, ...decided };
  return useAnswer({
    view,
    question: ['errors', frame],
    ask: async (bounds, signal, asked) => ({
      ...(await readErrorGroups(view.project.id, { ...frame, ...bounds }, signal)),
      ...asked(),
    }),
    enabled: view.extent !== null,
    when: 'later',
  });
}

/** One error group of a view. */
export function useErrorGroup(view: View, id: string): QueryState<ErrorGroupDetail & Asked> {
  const frame = errorFrame(view);
  return useAnswer({
    view,
    question: ['error group', id, frame],
    ask: async (bounds, signal, asked) => ({
      ...(await readErrorGroup(view.project.id, id, { ...frame, ...bounds }, signal)),
      ...asked(),
    }),
    enabled: true,
    when: 'later',
  });
}
