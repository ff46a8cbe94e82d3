import { parseInstant } from '@/lib/range';

/** A moment, or a stretch of time, to look at, as a link says it: epoch milliseconds, and what happened then. */
export interface Mark {
  at: number;
  /** When it was over; absent for a moment. */
  until?: number;
  label: string;
}

const LONGEST = 80;

const written = (instant: number): string => new Date(instant).toISOString().replace('.000Z', 'Z');

/** The URL parameter `mark`: `2026-11-21T13:00:00Z Extract fields slower`, or an interval `FROM/TO hubspot down`. */
export function markParameter(at: number, label: string, until?: number): string {
  const time = until === undefined ? written(at) : `${written(at)}/${written(until)}`;
  return `${time} ${label.slice(0, LONGEST)}`.trim();
}

/** The inverse of `markParameter`; undefined for any other text. */
export function markFrom(text: string | undefined): Mark | undefined {
  if (text === undefined) return undefined;
  const [times = '', ...words] = text.split(' ');
  const [from = '', to] = times.split('/');
  const at = parseInstant(from);
  const until = to === undefined ? undefined : parseInstant(to);
  if (at === null || until === null || (until !== undefined && until <= at)) return undefined;
  const label = words.join(' ').slice(0, LONGEST);
  return until === undefined ? { at, label } : { at, until, label };
}
