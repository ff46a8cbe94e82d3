import type { QueryResult, Row } from '@/api/types';

/** A figure of a row, or null if there is none. */
export function numberOf(row: Row | undefined, metric: string): number | null {
  const value = row?.[metric];
  return typeof value === 'number' ? value : null;
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
