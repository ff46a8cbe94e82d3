import type { ExecutionRow } from '@/api/executions';
import { STATUSES } from '@/lib/status';
import { executions as words } from '@/words';

/** How a state of an execution looks: its icon, its colour, its word. */
export interface StateLook {
  label: string;
  token: string;
  glyph: (typeof STATUSES)[number]['glyph'];
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The look of a state as the API names it; a state that Weir does not know looks like a canceled one. */
export function stateLook(status: string): StateLook {
  const metric = status === 'started' ? 'running' : status === 'skipped' ? 'canceled' : status;
  const found = STATUSES.find((entry) => entry.metric === metric);
  return {
    label: capital(words.states[status] ?? status),
    token: found?.token ?? '--canceled',
    glyph: found?.glyph ?? 'slash',
  };
}

/** The name of an execution's workflow, or its id if it has none. */
export const workflowOf = (row: Pick<ExecutionRow, 'workflowName' | 'workflowId'>): string =>
  row.workflowName ?? row.workflowId ?? words.list.unnamed;

/** Whether a state is a failure. */
export const hasFailed = (status: string): boolean => status === 'failed' || status === 'crashed';
