import type { AuditFilter } from '@/api/settings';
import { textParameter } from '@/lib/search';
import { fromInput, startOfDay } from '@/lib/zone';

/** The filters of the audit log in the URL. */
export interface AuditSearch {
  /** Changes unless it says otherwise: most entries say who read figures, among them the reader of the log. */
  kind?: 'access' | 'all';
  action?: string;
  actor?: string;
  subject?: string;
  /** The first and the last day, `2026-11-22`. */
  since?: string;
  until?: string;
  cursor?: string;
}

const day = (value: unknown): string | undefined =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined;

/** Keeps what is valid and drops the rest. */
export function auditSearch(raw: Record<string, unknown>): AuditSearch {
  return {
    kind: raw.kind === 'access' || raw.kind === 'all' ? raw.kind : undefined,
    action: textParameter(raw.action),
    actor: textParameter(raw.actor),
    subject: textParameter(raw.subject),
    since: day(raw.since),
    until: day(raw.until),
    cursor: textParameter(raw.cursor),
  };
}

/** The filters as the API takes them; days are whole days in the time zone. */
export function filterOf(projectId: string, search: AuditSearch, zone: string): AuditFilter {
  const start = search.since ? fromInput(`${search.since}T00:00`, zone) : null;
  const last = search.until ? fromInput(`${search.until}T00:00`, zone) : null;
  return {
    projectId,
    kind: search.kind === 'all' ? undefined : (search.kind ?? 'change'),
    action: search.action,
    actor: search.actor,
    subject: search.subject,
    from: start === null ? undefined : new Date(start).toISOString(),
    to: last === null ? undefined : new Date(startOfDay(last, zone, 1)).toISOString(),
  };
}
