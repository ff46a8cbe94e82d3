import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import { readFigures, type Parameters } from '@/api/workflow';
import type { QueryState } from '@/components/QueryContent';
import type { Asked } from '@/lib/answer';
import type { PageSearch } from '@/lib/search';
import { useAnswer } from './useCardQuery';
import type { View } from './view';

interface Options {
  /** Whether the answer depends on the range of the page; if not, it has a range of its own. */
  ranged?: boolean;
  enabled?: boolean;
}

/** Reads the answer of an endpoint about the range, the environment and the time zone of a view. */
export function useRead<T extends object>(
  view: View,
  path: string,
  parameters: Parameters,
  { ranged = true, enabled = true }: Options = {},
): QueryState<T & Asked> {
  const asked = { environment: view.env, timezone: view.zone, ...parameters };
  return useAnswer({
    view,
    question: [path, asked],
    ask: async (bounds, signal, answered) => ({
      ...(await readFigures<T>(
        path,
        view.project.id,
        ranged ? { ...asked, ...bounds } : asked,
        signal,
      )),
      ...answered(),
    }),
    enabled,
    when: 'later',
  });
}

/** Changes the parameters of a tab in the URL. What the reader chooses can be undone with Back. */
export function useSetTab<T extends object>(): (patch: T) => void {
  const navigate = useNavigate();
  return useCallback(
    (patch: T) =>
      void navigate({
        to: '.',
        search: (previous: PageSearch) => ({ ...previous, ...patch }),
        resetScroll: false,
      }),
    [navigate],
  );
}
