import type { ErrorFrame } from '@/api/errors';
import { useRefreshInterval } from '../useCardQuery';
import { usePageSearch, useView, type View } from '../view';

/** The parameters of a view for a request for errors. The API takes one workflow: if several are chosen, none is sent. */
export function errorFrame(view: View, errorClass?: string): ErrorFrame {
  const iso = (instant: number): string => new Date(instant).toISOString();
  const { range } = view;
  return {
    environment: view.env,
    timezone: view.zone,
    workflowId: view.workflows.length === 1 ? view.workflows[0] : undefined,
    errorClass,
    ...(range.kind === 'last'
      ? { last: range.last }
      : // The end of a range is exclusive.
        { from: iso(view.bounds.from), to: iso(view.bounds.to + (range.kind === 'all' ? 1 : 0)) }),
  };
}

/** The view, and the options of error queries that follow from it. */
export function useErrorOptions(narrowed: boolean) {
  const view = useView();
  const { errorClass } = usePageSearch();
  const refreshMs = useRefreshInterval(view, 'later');
  const frame = errorFrame(view, narrowed ? errorClass : undefined);
  return { view, options: { projectId: view.project.id, frame, refreshMs } };
}
