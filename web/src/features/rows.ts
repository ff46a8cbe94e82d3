import type { QueryResult, Row } from '@/api/types';

/** A figure of a row, or null if there is none. */
export function numberOf(row: Row | undefined, metric: string): number | null {
  const value = row?.[metric];
  return typeof value === 'number' ? value : null;
}

/** The metrics any of which says that something happened. */
export const SIGNS = ['executions', 'steps', 'activities'];

/** Whether anything happened in a row of a query for `SIGNS`. */
export function hasEvents(row: Row | undefined): boolean {
  return SIGNS.some((sign) => (numberOf(row, sign) ?? 0) > 0);
}

/** A dimension value of a row, or null. */
export function textOf(row: Row, dimension: string): string | null {
  const value = row[dimension];
  return typeof value === 'string' ? value : null;
}

/** The name of a dimension value if the result has one, otherwise the value itself. */
export function nameOf(result: QueryResult, dimension: string, value: string): string {
  return result.labels?.[dimension]?.[value] ?? value;
}
