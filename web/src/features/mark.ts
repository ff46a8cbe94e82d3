import { parseInstant } from '@/lib/range';

/** A moment to look at, as a link says it: epoch milliseconds, and what happened then. */
export interface Mark {
  at: number;
  label: string;
}

const LONGEST = 80;

/** The URL parameter `mark`: `2026-11-21T13:00:00Z Extract fields slower`. */
export function markParameter(at: number, label: string): string {
  const time = new Date(at).toISOString().replace('.000Z', 'Z');
  return `${time} ${label.slice(0, LONGEST)}`.trim();
}

/** The inverse of `markParameter`; undefined for any other text. */
export function markFrom(text: string | undefined): Mark | undefined {
  if (text === undefined) return undefined;
  const [time = '', ...words] = text.split(' ');
  const at = parseInstant(time);
  return at === null ? undefined : { at, label: words.join(' ').slice(0, LONGEST) };
}
