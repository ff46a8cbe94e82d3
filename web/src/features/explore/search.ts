import { useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { Filter } from '@/api/types';
import { repeated } from '@/lib/search';
import { useSetSearch } from '../view';

/** How an answer is drawn. Over time, bars stand on each other if they add up, otherwise beside each other. */
export const KINDS = ['line', 'area', 'bars', 'table'] as const;
export type Kind = (typeof KINDS)[number];

/** What is explored, as the URL has it. Range, time zone, granularity, comparison and workflows are the frame's. */
export interface ExploreSearch {
  /** The metrics, in order; the page asks nothing without one. */
  metric?: string[];
  /** The dimensions to group by. */
  group?: string[];
  /** The filters: `status:failed`, `!status:failed`; `status:` stands for no value. */
  where?: string[];
  /** One row for the whole range; otherwise one for each bucket of time. */
  over?: 'range';
  /** How the answer is drawn; by default, it depends on the metrics. */
  chart?: Kind;
  /** The order of the groups: `cost.desc`; the first metric by default, the most first. */
  sort?: string;
  /** How many groups are listed. */
  limit?: number;
  /** How many groups are listed for each value of the first dimension. */
  each?: number;
  /** Leaves out the sum of the groups that are not listed. */
  other?: 'off';
}

/** The largest limit of the API. */
const MOST = 10_000;

function wholeNumber(value: unknown): number | undefined {
  const number = Number(value);
  return Number.isInteger(number) && number >= 1 && number <= MOST ? number : undefined;
}

/** A list of the URL; absent rather than empty. */
function listed(value: unknown, valid: (entry: string) => boolean): string[] | undefined {
  const entries = repeated(value).filter(valid);
  return entries.length > 0 ? entries : undefined;
}

const NAME = /^([a-z0-9_]+|metadata\..+)$/;
const WHERE = /^!?[^:]+:/;
const ORDER = /^(.+)\.(asc|desc)$/;

/** Keeps what is valid and drops the rest. Which names exist is the API's to say. */
export function exploreSearch(raw: Record<string, unknown>): ExploreSearch {
  return {
    metric: listed(raw.metric, (name) => NAME.test(name)),
    group: listed(raw.group, (name) => NAME.test(name)),
    where: listed(raw.where, (entry) => WHERE.test(entry)),
    over: raw.over === 'range' ? 'range' : undefined,
    chart: KINDS.find((kind) => kind === raw.chart),
    sort: typeof raw.sort === 'string' && ORDER.test(raw.sort) ? raw.sort : undefined,
    limit: wholeNumber(raw.limit),
    each: wholeNumber(raw.each),
    other: raw.other === 'off' ? 'off' : undefined,
  };
}

/** A sort order: a metric or dimension, and the direction. */
export interface Order {
  by: string;
  direction: 'asc' | 'desc';
}

export function orderOf(sort: string | undefined): Order | undefined {
  const match = ORDER.exec(sort ?? '');
  return match?.[1] ? { by: match[1], direction: match[2] as Order['direction'] } : undefined;
}

/** The key of a dimension can have a colon, which ends the name in the URL. */
const written = (dimension: string): string =>
  dimension.replaceAll('%', '%25').replaceAll(':', '%3A');
const read = (dimension: string): string => dimension.replaceAll('%3A', ':').replaceAll('%25', '%');

/** The filters of the URL as the API takes them: one for each dimension and operator. */
export function filtersOf(where: string[] | undefined): Filter[] {
  const filters: Filter[] = [];
  for (const entry of where ?? []) {
    const op = entry.startsWith('!') ? 'not_in' : 'in';
    const text = op === 'not_in' ? entry.slice(1) : entry;
    const colon = text.indexOf(':');
    const dimension = read(text.slice(0, colon));
    const value = text.slice(colon + 1) || null;
    const same = filters.find((filter) => filter.dimension === dimension && filter.op === op);
    if (same) same.values.push(value);
    else filters.push({ dimension, op, values: [value] });
  }
  return filters;
}

/** Filters as the URL has them: the inverse of `filtersOf`. */
export function whereOf(filters: Filter[]): string[] | undefined {
  const entries = filters.flatMap(({ dimension, op, values }) =>
    values.map((value) => `${op === 'not_in' ? '!' : ''}${written(dimension)}:${value ?? ''}`),
  );
  return entries.length > 0 ? entries : undefined;
}

/** The parameters of the page, and how to change them. What the reader chooses can be undone with Back. */
export function useExploreSearch() {
  const search: ExploreSearch = useSearch({ from: '/frame/board/explore' });
  const setSearch = useSetSearch();
  const set = useCallback((patch: ExploreSearch) => setSearch(patch as object), [setSearch]);
  return [search, set] as const;
}
