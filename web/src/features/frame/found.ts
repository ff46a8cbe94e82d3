import { useQuery } from '@tanstack/react-query';
import { readErrorGroups } from '@/api/errors';
import { queryMetrics } from '@/api/queries';
import { textOf } from '../rows';
import type { View } from '../view';

/** What the palette finds on the server. */
export interface Found {
  users: string[];
  errors: { id: string; title: string }[];
}

const NOTHING: Found = { users: [], errors: [] };
/** More than this are not looked through; the lists of their pages have all. */
const MOST_USERS = 1000;
const MOST_ERRORS = 100;
const FRESH_MS = 60_000;

/** Whether a text looks like the id of an execution: long enough, one word, with a digit. */
export function looksLikeId(text: string): boolean {
  return /^[\w.:~-]{6,200}$/.test(text) && /\d/.test(text);
}

async function search(view: View, signal: AbortSignal): Promise<Found> {
  const range = {
    from: new Date(view.bounds.from).toISOString(),
    to: new Date(view.bounds.to).toISOString(),
  };
  const [users, errors] = await Promise.all([
    queryMetrics(
      view.project.id,
      {
        metrics: ['activities'],
        dimensions: ['user'],
        orderBy: [{ metric: 'activities', direction: 'desc' }],
        limit: MOST_USERS,
        range,
        timezone: view.zone,
      },
      signal,
    ),
    readErrorGroups(
      view.project.id,
      { ...range, timezone: view.zone, environment: view.env, limit: String(MOST_ERRORS) },
      signal,
    ),
  ]);
  return {
    users: users.rows.flatMap((row) => textOf(row, 'user') ?? []),
    errors: errors.errors.flatMap(({ errorGroup, title }) =>
      errorGroup ? [{ id: errorGroup, title }] : [],
    ),
  };
}

/**
 * The users and error groups of a view's range, asked for once someone has typed. What is in flight is cancelled when
 * the palette closes, because nothing waits for it any more.
 */
export function useFound(view: View, wanted: boolean): { found: Found; searching: boolean } {
  const query = useQuery({
    queryKey: ['palette', view.project.id, view.env, view.bounds],
    queryFn: ({ signal }) => search(view, signal),
    enabled: wanted && view.extent !== null,
    staleTime: FRESH_MS,
    gcTime: FRESH_MS,
  });
  return { found: query.data ?? NOTHING, searching: query.isFetching };
}
