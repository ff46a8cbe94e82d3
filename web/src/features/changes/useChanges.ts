import { readChanges, type Changes } from '@/api/changes';
import type { QueryState } from '@/components/QueryContent';
import type { Asked } from '@/lib/answer';
import { useAnswer } from '../useCardQuery';
import type { View } from '../view';

/** How many changes the overview shows. */
export const FEW_CHANGES = 5;
/** How many are asked for where each workflow is told its own: as many as the API gives. */
export const MANY_CHANGES = 50;

/** What changed in the range of a view. The API takes one workflow: of several, only their changes are kept. */
export function useChanges(
  view: View,
  shown: number = FEW_CHANGES,
  enabled = view.extent !== null,
): QueryState<Changes & Asked> {
  const several = view.workflows.length > 1;
  const frame = {
    environment: view.env,
    timezone: view.zone,
    workflowId: several ? undefined : view.workflows[0],
    limit: several ? MANY_CHANGES : shown,
  };
  const chosen = several ? [...view.workflows].sort() : [];
  return useAnswer({
    view,
    question: ['changes', frame, chosen, shown],
    ask: async (bounds, signal, asked) => {
      const found = await readChanges(view.project.id, { ...frame, ...bounds }, signal);
      return { ...(several ? limited(found, chosen, shown) : found), ...asked() };
    },
    enabled,
    when: 'later',
  });
}

/** The changes of some workflows. */
export function limited(found: Changes, workflows: string[], shown: number): Changes {
  const theirs = found.changes.filter(({ workflow, workflows: all }) =>
    [...(workflow ? [workflow] : []), ...all].some(({ id }) => workflows.includes(id)),
  );
  return { ...found, changes: theirs.slice(0, shown), omitted: Math.max(0, theirs.length - shown) };
}
