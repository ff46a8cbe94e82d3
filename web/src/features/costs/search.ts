import { useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { Granularity } from '@/api/types';
import { bucketEnd } from '@/lib/granularity';
import { repeated, textParameter } from '@/lib/search';
import { fromInput, toInput } from '@/lib/zone';
import { useSetSearch, type View } from '../view';

/** What costs are split by unless the URL says otherwise. */
export const DEFAULT_SPLIT = 'model';

/** What only the page of costs understands in the URL. */
export interface CostsSearch {
  /** The dimension that costs are split by; the model by default. */
  split?: string;
  /** The first day of the bucket that is open, in the time zone of the page: `2026-11-21`. */
  day?: string;
  /** The days that the forecast ignores, in the time zone of the page. */
  leaveOut?: string[];
}

/** The name of a dimension in the URL; undefined if it is none, or the default. */
export function splitParameter(value: unknown): string | undefined {
  const name = textParameter(value);
  return name && name !== DEFAULT_SPLIT && /^([a-z_]+|metadata\..+)$/.test(name) ? name : undefined;
}

const isDay = (text: string | undefined): text is string =>
  text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text);

/** The most days that the API leaves out of a forecast. */
const MOST_LEFT_OUT = 60;

/** Keeps what is valid and drops the rest. */
export function costsSearch(raw: Record<string, unknown>): CostsSearch {
  const day = textParameter(raw.day);
  const leaveOut = repeated(raw.leaveOut).filter(isDay).sort().slice(0, MOST_LEFT_OUT);
  return {
    split: splitParameter(raw.split),
    day: isDay(day) ? day : undefined,
    leaveOut: leaveOut.length > 0 ? leaveOut : undefined,
  };
}

/** The days that the forecast ignores, with one more or one less. */
export function toggled(days: string[] | undefined, day: string): string[] | undefined {
  const others = (days ?? []).filter((other) => other !== day);
  const now = others.length === (days ?? []).length ? [...others, day].sort() : others;
  return now.length > 0 ? now : undefined;
}

/** The parameters of the page, and how to change them. What the reader chooses can be undone with Back. */
export function useCostsSearch() {
  const search: CostsSearch = useSearch({ from: '/frame/board/costs' });
  const setSearch = useSetSearch();
  const set = useCallback((patch: CostsSearch) => setSearch(patch as object), [setSearch]);
  return [search, set] as const;
}

/** A part of a range that is open: epoch milliseconds. */
export interface Period {
  from: number;
  to: number;
  granularity: Granularity;
}

/** The day in which an instant is, as the URL has it. */
export const dayOf = (instant: number, zone: string): string => toInput(instant, zone).slice(0, 10);

/** What a bucket opens: itself, or its day if it is shorter than one. */
const openedBy = (granularity: Granularity): Granularity =>
  granularity === 'week' || granularity === 'month' ? granularity : 'day';

/** The period that a day in the URL opens, cut like the page's range; null if it is no day or lies outside. */
export function periodOf(
  day: string | undefined,
  { zone, bounds, granularity }: Pick<View, 'zone' | 'bounds' | 'granularity'>,
): Period | null {
  const start = day === undefined ? null : fromInput(`${day}T00:00`, zone);
  if (start === null) return null;
  const opened = openedBy(granularity);
  const from = Math.max(start, bounds.from);
  const to = Math.min(bucketEnd(start, opened, zone), bounds.to);
  return from < to ? { from, to, granularity: opened } : null;
}
