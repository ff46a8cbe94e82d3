import { useCallback, useMemo, useRef } from 'react';
import { judge, type Conformance, type Rule } from '@/api/conformance';
import {
  readComparison,
  readMap,
  readVariants,
  type MapFrame,
  type ProcessMap,
  type VariantComparison,
  type Variants,
} from '@/api/processMap';
import type { QueryState } from '@/components/QueryContent';
import type { Asked } from '@/lib/answer';
import { useAnswer } from '../useCardQuery';
import type { View } from '../view';
import type { Bounds } from '../useCardQuery';
import { readUpTo } from './variantPages';

/** The size of a map that can still be read. */
const SIZE = { nodes: '60', edges: '400' };

/** Judges rules; asks nothing while there are none. */
export function useJudged(view: View, id: string, rules: Rule[]): QueryState<Conformance & Asked> {
  const written = JSON.stringify(rules);
  const read = useCallback(
    (workflow: string, { rules: given, ...frame }: MapFrame, signal: AbortSignal) =>
      judge(workflow, frame, JSON.parse(given ?? '[]') as Rule[], signal),
    [],
  );
  return useWorkflowAnswer(view, id, 'conformance', { rules: written }, read, rules.length > 0);
}

/** Asks one of the questions about a workflow, in the frame of a view. */
function useWorkflowAnswer<T extends object>(
  view: View,
  id: string,
  kind: string,
  parameters: MapFrame,
  read: (workflow: string, frame: MapFrame, signal: AbortSignal) => Promise<T>,
  enabled = true,
): QueryState<T & Asked> {
  const frame: MapFrame = {
    projectId: view.project.id,
    environment: view.env,
    timezone: view.zone,
    ...parameters,
  };
  return useAnswer({
    view,
    question: [kind, id, frame],
    ask: async (bounds: Bounds, signal, asked) => ({
      ...(await read(id, { ...frame, ...bounds }, signal)),
      ...asked(),
    }),
    enabled,
    when: 'later',
  });
}

/** The directly-follows graph of a workflow. */
export const useMapAnswer = (view: View, id: string): QueryState<ProcessMap & Asked> =>
  useWorkflowAnswer(view, id, 'map', SIZE, readMap);

/** The most frequent paths of a workflow, as many as wanted. If more are wanted, only the further pages are read. */
export function useVariants(view: View, id: string, wanted: number): QueryState<Variants & Asked> {
  const held = useRef<{ of: string; wanted: number; answer: Variants } | null>(null);
  const read = useCallback(
    async (workflow: string, { wanted: count, ...frame }: MapFrame, signal: AbortSignal) => {
      const of = JSON.stringify([workflow, frame]);
      const limit = Number(count);
      const last = held.current;
      // The same question again is a refresh.
      const before = last?.of === of && last.wanted < limit ? last.answer : undefined;
      const answer = await readUpTo(limit, before, (page) =>
        readVariants(workflow, { ...frame, ...page }, signal),
      );
      held.current = { of, wanted: limit, answer };
      return answer;
    },
    [],
  );
  return useWorkflowAnswer(view, id, 'variants', { wanted: String(wanted) }, read);
}

/** Two groups of executions side by side; asks nothing while there are not two. */
export function useComparison(
  view: View,
  id: string,
  groups: { a?: string; b?: string },
): QueryState<VariantComparison & Asked> {
  const { a, b } = groups;
  const parameters = useMemo(() => ({ a, b }), [a, b]);
  return useWorkflowAnswer(
    view,
    id,
    'comparison',
    parameters,
    readComparison,
    a !== undefined && b !== undefined,
  );
}
