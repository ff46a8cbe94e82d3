import { createContext, use } from 'react';
import type { View } from '../view';

/** The workflow that a page and its tabs are about. */
export interface WorkflowContext {
  id: string;
  /** Its name, or its ID while the name is not known. */
  name: string;
  /** The view of the page, limited to this workflow. */
  view: View;
}

/** Provided by the page of a workflow to its tabs. */
export const WorkflowOf = createContext<WorkflowContext | null>(null);

/** The workflow that the page is about. Only for use inside a tab of the page. */
export function useWorkflow(): WorkflowContext {
  const found = use(WorkflowOf);
  if (!found) throw new Error('This is not a tab of the page of a workflow.');
  return found;
}
