import { useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Marker } from '@/components/chart/model';
import { parseInstant } from '@/lib/range';
import { textParameter } from '@/lib/search';
import { changes as words } from '@/words';

/** A moment, or a stretch of time, that a link draws attention to: every time chart marks it. */
export interface Mark {
  /** Epoch milliseconds. */
  at: number;
  /** When it was over; undefined for a moment. */
  until?: number;
  label: string;
}

/** The parameters of every page with figures, beside those of the page itself. */
export interface MarkSearch {
  /** A moment or an interval (ISO 8601) and, after a comma, what happened: `2026-11-21T14:00Z,Version 9`. */
  mark?: string;
}

/** The mark that the text of the parameter means; null if it does not begin with a time. */
export function parseMark(text: string | undefined): Mark | null {
  const [times = '', ...label] = (text ?? '').split(',');
  const [from = '', to] = times.split('/');
  const at = parseInstant(from);
  const until = to === undefined ? undefined : parseInstant(to);
  if (at === null || until === null || (until !== undefined && until <= at)) return null;
  return { at, ...(until === undefined ? {} : { until }), label: label.join(',').trim() };
}

const written = (instant: number): string =>
  new Date(instant).toISOString().replace(/(:00)?\.\d{3}Z$/, 'Z');

/** The inverse of `parseMark`, to the second. */
export function writeMark({ at, until, label }: Mark): string {
  const times = until === undefined ? written(at) : `${written(at)}/${written(until)}`;
  return label ? `${times},${label}` : times;
}

/** Keeps what is valid and drops the rest. */
export function markSearch(raw: Record<string, unknown>): MarkSearch {
  const mark = textParameter(raw.mark);
  return { mark: parseMark(mark) ? mark : undefined };
}

/** What the URL marks. */
export function useMark(): Mark | null {
  const text = useSearch({ strict: false, select: (search) => (search as MarkSearch).mark });
  return useMemo(() => parseMark(text), [text]);
}

const NONE: Marker[] = [];

/** What the time charts of a page mark because the URL says so. */
export function useMarkers(): Marker[] {
  const mark = useMark();
  return useMemo(
    () => (mark ? [{ ...mark, label: mark.label || words.marked, kind: 'change' }] : NONE),
    [mark],
  );
}
