import type { ExecutionDetail } from '@/api/executions';
import { MOST_TOGGLED, type OneSearch } from '../search';
import { rowOfCall, type Item } from './model';

/** Which rows of a waterfall are expanded, as the URL says it. */
export type Expanded = Pick<OneSearch, 'expanded' | 'toggled'>;

/** Says of a row whether it is expanded: all are but called executions, unless the URL has another rule. */
export function expandedBy({
  expanded,
  toggled = [],
}: Expanded): (row: Pick<Item, 'id' | 'kind'>) => boolean {
  const opposite = new Set(toggled);
  return ({ id, kind }) => {
    const rule = expanded === 'all' || (expanded === undefined && kind !== 'execution');
    return rule !== opposite.has(id);
  };
}

/** What the URL says after a row was expanded or collapsed. Beyond the most that it can say, the oldest is forgotten. */
export function withToggled(search: Expanded, id: string): Pick<Expanded, 'toggled'> {
  const before = search.toggled ?? [];
  const rest = before.filter((other) => other !== id);
  const next = rest.length < before.length ? rest : [...before, id].slice(-MOST_TOGGLED);
  return { toggled: next.length > 0 ? next : undefined };
}

/**
 * The called executions whose steps are shown, by id: those that are expanded, and inside of them as far as they have
 * been read; at most `most`, the nearest first.
 */
export function callsToRead(
  detail: ExecutionDetail,
  isExpanded: (row: Pick<Item, 'id' | 'kind'>) => boolean,
  read: (id: string) => ExecutionDetail | undefined,
  most: number,
): string[] {
  const found = new Set<string>();
  const queue = [detail];
  for (const next of queue) {
    for (const { id } of next.children) {
      if (!id || id === detail.id || found.has(id) || found.size >= most) continue;
      if (!isExpanded({ id: rowOfCall(id), kind: 'execution' })) continue;
      found.add(id);
      const inside = read(id);
      if (inside) queue.push(inside);
    }
  }
  return [...found];
}
