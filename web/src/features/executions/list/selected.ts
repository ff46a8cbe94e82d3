import type { ExecutionRow } from '@/api/executions';
import { MOST_SELECTED } from '../search';

/** The selection after an execution was selected or unselected; undefined rather than empty. Selecting one too many lets go of the first. */
export function selectedWith(selected: string[], id: string): string[] | undefined {
  const rest = selected.filter((other) => other !== id);
  const next = rest.length < selected.length ? rest : [...selected, id].slice(-MOST_SELECTED);
  return next.length > 0 ? next : undefined;
}

/** The selected executions, the one that came first as A; as they were selected, if the list no longer has both. */
export function inOrder(
  selected: string[],
  find: (id: string) => Pick<ExecutionRow, 'timestamp'> | undefined,
): string[] {
  const [a, b] = selected.map(find);
  const swapped = a && b && Date.parse(a.timestamp) > Date.parse(b.timestamp);
  return swapped ? [...selected].reverse() : selected;
}
