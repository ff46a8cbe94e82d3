import type { ComparedRow, ComparedStep } from '@/api/executions';
import type { Span } from '../one/model';

/** The rows of a comparison to show: by importance or in the order of the steps, equal ones on request. */
export function rowsToShow(
  rows: ComparedRow[],
  order: 'importance' | 'time',
  same: boolean,
): ComparedRow[] {
  const shown = same ? rows : rows.filter(({ kind }) => kind !== 'same');
  return order === 'time' ? shown : [...shown].sort((a, b) => a.rank - b.rank);
}

/** The time that one side of a row takes, since the start of its execution; null if it is not there. */
export const spanOf = (side: ComparedStep | null | undefined): Span | null =>
  side ? { start: side.offset, end: side.offset + (side.duration ?? 0) } : null;

/** The time from the first start to the last end on either side, from 0. */
export function axisOf(rows: ComparedRow[], durations: (number | null | undefined)[]): Span {
  const ends = rows.flatMap(({ a, b }) => [spanOf(a)?.end ?? 0, spanOf(b)?.end ?? 0]);
  const end = [...ends, ...durations].reduce<number>((most, ms) => Math.max(most, ms ?? 0), 0);
  return { start: 0, end };
}
