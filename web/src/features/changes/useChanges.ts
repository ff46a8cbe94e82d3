import { useMemo } from 'react';
import { readChanges, type Changes } from '@/api/changes';
import type { QueryState } from '@/components/QueryContent';
import type { Asked } from '@/lib/answer';
import { useAnswer } from '../useCardQuery';
import type { View } from '../view';

/** How many changes the overview shows. */
export const FEW_CHANGES = 5;
/** How many are asked for: as many as the API gives, so that every view shares one answer. */
const ASKED_CHANGES = 50;

/** What changed in the range of a view. The API takes one workflow: of several, only their changes are kept. */
export function useChanges(
  view: View,
  shown: number = FEW_CHANGES,
  enabled = view.extent !== null,
): QueryState<Changes & Asked> {
  const { workflows } = view;
  const frame = {
    environment: view.env,
    timezone: view.zone,
    workflowId: workflows.length > 1 ? undefined : workflows[0],
    limit: ASKED_CHANGES,
  };
  const query = useAnswer({
    view,
    question: ['changes', frame],
    ask: async (bounds, signal, asked) => {
      const found = await readChanges(view.project.id, { ...frame, ...bounds }, signal);
      return { ...found, ...asked() };
    },
    enabled,
    when: 'later',
  });
  const { data } = query;
  const limitedData = useMemo(
    () => data && { ...data, ...limited(data, workflows.length > 1 ? workflows : [], shown) },
    [data, workflows, shown],
  );
  return { ...query, data: limitedData };
}

/** The first changes of an answer, of some workflows or, if none are named, of all. */
export function limited<Found extends Pick<Changes, 'changes' | 'omitted'>>(
  found: Found,
  workflows: string[],
  shown: number,
): Found {
  const theirs = found.changes.filter(
    ({ workflow, workflows: all }) =>
      workflows.length === 0 ||
      [...(workflow ? [workflow] : []), ...all].some(({ id }) => workflows.includes(id)),
  );
  const others = workflows.length === 0 ? found.omitted : 0;
  return {
    ...found,
    changes: theirs.slice(0, shown),
    omitted: others + Math.max(0, theirs.length - shown),
  };
}
