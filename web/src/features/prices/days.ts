import { fromInput, toInput } from '@/lib/zone';

/** The start of a day (`2026-01-31`) in a zone, RFC 3339; null if the text is no day. */
export function startOf(day: string, zone: string): string | null {
  const instant = fromInput(`${day}T00:00`, zone);
  return instant === null ? null : new Date(instant).toISOString();
}

/** The day (`2026-01-31`) of an instant (RFC 3339) in a zone. */
export const dayAt = (instant: string, zone: string): string =>
  toInput(Date.parse(instant), zone).slice(0, 10);
