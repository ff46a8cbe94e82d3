import type { ErrorFrame } from '@/api/errors';
import { usePageSearch, useRefreshInterval, useView, type View } from '../view';

/** What a view asks about errors. The API takes one workflow: of several chosen ones none is passed on. */
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
      : // The end of a range is the first moment after it.
        { from: iso(view.bounds.from), to: iso(view.bounds.to + (range.kind === 'all' ? 1 : 0)) }),
  };
}

/** What a read about errors needs to know of the view. */
export function useErrorOptions(narrowed: boolean) {
  const view = useView();
  const { errorClass } = usePageSearch();
  const refreshMs = useRefreshInterval(view, 'at leisure');
  const frame = errorFrame(view, narrowed ? errorClass : undefined);
  return { view, options: { projectId: view.project.id, frame, refreshMs } };
}
