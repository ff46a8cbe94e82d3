import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { readAnnotations, type Annotation, type AnnotationPage } from '@/api/annotations';
import type { QueryState } from '@/components/QueryContent';
import type { Asked } from '@/lib/answer';
import { useAnswer } from '../useCardQuery';
import type { View } from '../view';
import { concerns } from './timeline';

/** The first part of what is asked about annotations: what is cached about them is found by it. */
const ABOUT = 'annotations';

/**
 * The annotations of a view: those that overlap its range and concern its workflows and its environment. Everything on
 * a page that shows them has one question in common.
 */
export function useAnnotations(view: View, enabled = true): QueryState<AnnotationPage & Asked> {
  // The API takes one workflow: if there are several, those of others are left out here.
  const workflowId = view.workflows.length === 1 ? view.workflows[0] : undefined;
  const frame = { environment: view.env, workflowId };
  return useAnswer({
    view,
    question: [ABOUT, frame],
    ask: async (bounds, signal, asked) => ({
      ...(await readAnnotations(view.project.id, { ...frame, ...bounds }, signal)),
      ...asked(),
    }),
    enabled,
    when: 'later',
  });
}

/** The annotations that an answer has for the workflows of a view. */
export function useConcerning(
  page: AnnotationPage | undefined,
  workflows: string[],
): Annotation[] | undefined {
  return useMemo(
    () => page?.annotations.filter((annotation) => concerns(annotation, workflows)),
    [page, workflows],
  );
}

/** Reads the annotations of a project again after one has changed. */
export function useRefreshAnnotations(projectId: string): () => Promise<void> {
  const client = useQueryClient();
  return useCallback(async () => {
    await Promise.all([
      client.invalidateQueries({ queryKey: ['annotation', projectId] }),
      client.invalidateQueries({
        queryKey: ['query', projectId],
        predicate: ({ queryKey }) => String(queryKey[2]).startsWith(`[["${ABOUT}"`),
      }),
    ]);
  }, [client, projectId]);
}
