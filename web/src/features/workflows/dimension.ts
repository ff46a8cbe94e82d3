import type { QueryResult } from '@/api/types';
import type { Family } from '../families';
import { numberOf, textOf } from '../rows';
import type { CardQuery } from '../useCardQuery';
import { MOST, type Entry } from './list';

/** The value of a declared dimension that most executions of each workflow have. */
export const valuesQuery = (dimension: string): CardQuery => ({
  metrics: ['executions'],
  dimensions: ['workflow', dimension],
  filters: [{ dimension, op: 'not_in', values: [null] }],
  orderBy: [{ metric: 'executions', direction: 'desc' }],
  limit: MOST,
  limitEach: 1,
});

/** The value of each workflow, by its id; workflows without one are absent. */
export function valuesOf({ rows }: Pick<QueryResult, 'rows'>, dimension: string) {
  const values = new Map<string, string>();
  const counts = new Map<string, number>();
  for (const row of rows) {
    const [id, value] = [textOf(row, 'workflow'), textOf(row, dimension)];
    const executions = numberOf(row, 'executions') ?? 0;
    if (id === null || value === null || executions <= (counts.get(id) ?? 0)) continue;
    values.set(id, value);
    counts.set(id, executions);
  }
  return values;
}

/** The workflows of each value as a family, in the order of their first members; those without a value are in none. */
export function familiesByValue(entries: Entry[], values: Map<string, string>): Family<Entry>[] {
  const families = new Map<string, Family<Entry>>();
  for (const entry of entries) {
    const value = values.get(entry.id);
    if (value === undefined) continue;
    const family = families.get(value) ?? { id: value, name: value, members: [] };
    family.members.push(entry);
    families.set(value, family);
  }
  return [...families.values()];
}
