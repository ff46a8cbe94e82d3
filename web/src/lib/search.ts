import type { Comparison, Granularity } from '@/api/types';
import { GRANULARITIES } from './granularity';
import { parseInstant, rangeFromParams } from './range';
import { isZone } from './zone';

/** The state of the page, all of it in the URL. Absent parameters have their defaults. */
export interface PageSearch {
  project?: string;
  env?: string;
  range?: string;
  from?: string;
  to?: string;
  compare?: Comparison;
  by?: Granularity;
  tz?: string;
  workflow?: string[];
  live?: 'off';
  q?: string;
  sort?: string;
  axis?: 'log';
  /** The series that charts leave out, by id. */
  hide?: string[];
  /** The charts that are shown as tables. */
  table?: string[];
  /** A moment that every time chart marks, and its name: `2026-11-21T13:00:00Z Slower since here`. */
  mark?: string;
  /** The annotations that a dialog shows, by id. */
  annotation?: string[];
  /** An annotation is being added, of this moment (RFC 3339). */
  annotate?: string;
  /** The figure that the main chart draws, and those laid over it. */
  figure?: string;
  overlay?: string[];
  /** Only errors of this class. */
  errorClass?: string;
  /** How many error groups are listed: the most frequent, or as many as possible. */
  groups?: 'all';
}

/** The text of a URL parameter, at most 300 characters; undefined if it is empty or not a text. */
export const textParameter = (value: unknown): string | undefined => {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  return String(value).slice(0, 300) || undefined;
};

/** The texts of a URL parameter that can be repeated, without repetitions. */
export const repeated = (value: unknown): string[] => {
  const values = Array.isArray(value) ? value : [value];
  return [...new Set(values.flatMap((entry) => textParameter(entry) ?? []))];
};

const list = (value: unknown): string[] | undefined => {
  const values = repeated(value);
  return values.length > 0 ? values : undefined;
};

/**
 * Keeps what is valid and drops the rest, so that a mangled link still opens. What is dropped becomes `undefined`: the
 * router merges the result into the original parameters, so a missing key would let the invalid value through.
 */
export function validateSearch(raw: Record<string, unknown>): PageSearch {
  const times = {
    range: textParameter(raw.range),
    from: textParameter(raw.from),
    to: textParameter(raw.to),
  };
  const range = rangeFromParams(times);
  const by = GRANULARITIES.find((entry) => entry.id === raw.by)?.id;
  const tz = textParameter(raw.tz);
  const annotate = textParameter(raw.annotate);
  const compare =
    raw.compare === 'previous_period' || raw.compare === 'previous_year' ? raw.compare : undefined;
  return {
    project: textParameter(raw.project),
    env: textParameter(raw.env),
    range: range && range.kind !== 'absolute' ? times.range : undefined,
    from: range?.kind === 'absolute' ? times.from : undefined,
    to: range?.kind === 'absolute' ? times.to : undefined,
    compare,
    by,
    tz: tz && isZone(tz) ? tz : undefined,
    workflow: list(raw.workflow),
    live: raw.live === 'off' ? 'off' : undefined,
    q: textParameter(raw.q),
    sort: textParameter(raw.sort),
    axis: raw.axis === 'log' ? 'log' : undefined,
    hide: list(raw.hide),
    table: list(raw.table),
    mark: textParameter(raw.mark),
    annotation: list(raw.annotation),
    annotate: annotate && parseInstant(annotate) !== null ? annotate : undefined,
    figure: textParameter(raw.figure),
    overlay: list(raw.overlay),
    errorClass: textParameter(raw.errorClass),
    groups: raw.groups === 'all' ? 'all' : undefined,
  };
}

/** The state of the login page in the URL. */
export interface LoginSearch {
  /** Where to go after the login. */
  to?: string;
  /** What the user has just done. */
  done?: 'reset';
  /** The error code of a failed single sign-on. */
  failed?: string;
}

/** Keeps what is valid in the address of the login page, as `validateSearch` does. */
export function loginSearch(raw: Record<string, unknown>): LoginSearch {
  return {
    // Only a path on this site: a link to the login page must not lead elsewhere.
    to: typeof raw.to === 'string' && /^\/(?![/\\])/.test(raw.to) ? raw.to : undefined,
    done: raw.done === 'reset' ? 'reset' : undefined,
    failed: typeof raw.failed === 'string' ? raw.failed.slice(0, 60) : undefined,
  };
}

/** The parameters that stay when moving between views; what a view alone has, such as a filter, stays behind. */
const FRAME = [
  'project',
  'env',
  'range',
  'from',
  'to',
  'compare',
  'by',
  'tz',
  'workflow',
  'live',
  'axis',
  'hide',
  'table',
  'figure',
] as const satisfies readonly (keyof PageSearch)[];

/** The parameters of a page that its links to other views carry. */
export function frameOf(search: PageSearch): PageSearch {
  return Object.fromEntries(FRAME.map((name) => [name, search[name]]));
}

/** Plain, readable parameters: `?range=7d&workflow=a&workflow=b`. */
export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    const values: unknown[] = Array.isArray(value) ? value : [value];
    for (const entry of values) {
      const written = textParameter(entry);
      if (written !== undefined) params.append(key, written);
    }
  }
  // Colons and slashes are legal in a query string; left alone they keep times and zones readable.
  const written = params.toString().replaceAll('%3A', ':').replaceAll('%2F', '/');
  return written ? `?${written}` : '';
}

/** The inverse of `stringifySearch`: repeated parameters become lists. */
export function parseSearch(written: string): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  const params = new URLSearchParams(written);
  for (const key of new Set(params.keys())) {
    const values = params.getAll(key);
    found[key] = values.length > 1 ? values : values[0];
  }
  return found;
}
