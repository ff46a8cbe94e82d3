import { useRouter } from '@tanstack/react-router';
import { useCallback, useMemo, type MouseEvent } from 'react';
import type { Asked } from '@/lib/answer';
import { ownZone } from '@/lib/preferences';
import { rangeToParams } from '@/lib/range';
import { stringifySearch } from '@/lib/search';
import { followLink } from './followLink';
import { useView, type View } from './view';

/** What a figure counts, as filters of the list of executions. Durations are milliseconds. */
export interface ExecutionFilters {
  workflow?: string | string[];
  status?: string | string[];
  version?: string | string[];
  trigger?: string | string[];
  user?: string | string[];
  /** The id of an error group. */
  error?: string | string[];
  errorType?: string | string[];
  /** US dollars. */
  minCost?: string;
  minDuration?: number;
  maxDuration?: number;
  step?: string | string[];
  /** A connector that they used, and one that failed in them. */
  stepType?: string;
  failedStepType?: string;
  /** The step at which they failed. */
  errorStep?: string | string[];
  /** Two steps of which one ran directly after the other. */
  fromStep?: string;
  toStep?: string;
  /** The step that ran first. */
  firstStep?: string;
  /** The step that ran last, so far. */
  lastStep?: string;
  /** Whether another execution retried it. */
  retried?: 'true' | 'false';
  /** A path through the steps. */
  variant?: string;
  /** A part of the page's range (epoch milliseconds), such as one bucket of a chart. */
  during?: { from: number; to: number };
}

/** As a minimum cost: those that cost anything, which is at least the smallest amount that is stored. */
export const COST_ANYTHING = '0.000000001';

/** The statuses that count as errors, as the metric `errors` counts them. */
export const ERROR_STATUSES = ['failed', 'crashed'];

/** The part of a view that decides which executions its figures count. An answer's `frame` overrides it. */
export type Counted = Pick<View, 'project' | 'env' | 'range' | 'zone' | 'workflows'>;

/** The address of the executions behind a figure: those of the page's range, narrowed by what the figure counts. */
export function executionsLink(view: Counted, filters: ExecutionFilters = {}): string {
  const { during, workflow, ...rest } = filters;
  const search = {
    project: view.project.id,
    env: view.env,
    ...rangeToParams(during ? { kind: 'absolute', ...during } : view.range),
    tz: view.zone === ownZone() ? undefined : view.zone,
    workflow: workflow ?? view.workflows,
    ...rest,
  };
  return `/executions${stringifySearch(search)}`;
}

/** What an answer's figures count: the page's project, and the range and filters that the answer was asked with. */
export function useCounted(answer: Asked): Counted {
  const { project } = useView();
  const { frame } = answer;
  return useMemo(() => ({ project, ...frame }), [project, frame]);
}

/** The attributes of a link to the executions behind a figure. Many of them cost little. */
export function useExecutionsLink(view: Counted) {
  const router = useRouter();
  return useCallback(
    (filters?: ExecutionFilters) => {
      const href = executionsLink(view, filters);
      return {
        href,
        onClick: (event: MouseEvent): void => followLink(event, () => router.history.push(href)),
      };
    },
    [router, view],
  );
}
