import type { ExecutionRow } from '@/api/executions';
import { MOST_SELECTED } from '../search';

const SEPARATOR = '@';

/**
 * The key of a row: an execution that ran twice has two rows with its id, which began at different times. When it
 * began stays when its state changes; only a row of which that is unknown goes by when it entered its state.
 */
export const keyOf = (row: Pick<ExecutionRow, 'id' | 'startedAt' | 'timestamp'>): string =>
  `${row.id}${SEPARATOR}${Date.parse(row.startedAt ?? row.timestamp)}`;

/** The id of the execution that a key stands for. */
export const executionOf = (key: string): string => key.split(SEPARATOR, 1)[0] ?? key;

/**
 * The selection after a row was selected or unselected; undefined rather than empty. Selecting one too many lets go of
 * the first. Executions are compared, so another run of a selected execution takes its place.
 */
export function selectedWith(selected: string[], key: string): string[] | undefined {
  const others = selected.filter((other) => executionOf(other) !== executionOf(key));
  const next = selected.includes(key) ? others : [...others, key].slice(-MOST_SELECTED);
  return next.length > 0 ? next : undefined;
}

/** The selected rows, the one that came first as A; as they were selected, if the list no longer has both. */
export function inOrder(
  selected: string[],
  find: (key: string) => Pick<ExecutionRow, 'timestamp'> | undefined,
): string[] {
  const [a, b] = selected.map(find);
  const swapped = a && b && Date.parse(a.timestamp) > Date.parse(b.timestamp);
  return swapped ? [...selected].reverse() : selected;
}
