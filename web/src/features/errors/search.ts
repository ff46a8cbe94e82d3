import { useSearch } from '@tanstack/react-router';
import type { GroupState } from '@/api/errors';

/** The groups that a list shows: open ones, which include those that came back, unless the URL says otherwise. */
export const SHOWN_STATES = ['open', 'came_back', 'resolved', 'ignored', 'all'] as const;
export type ShownState = (typeof SHOWN_STATES)[number];

/** What the page of errors understands in the URL, apart from what every page has. */
export interface ErrorsSearch {
  decided?: Exclude<ShownState, 'open'>;
  /** Only the groups that the reader looks after. */
  assigned?: 'me';
}

/** Keeps what is valid and drops the rest. */
export const errorsSearch = (raw: Record<string, unknown>): ErrorsSearch => ({
  decided: SHOWN_STATES.filter((state) => state !== 'open').find((state) => state === raw.decided),
  assigned: raw.assigned === 'me' ? 'me' : undefined,
});

/** Which groups the page lists. */
export function useShownGroups(): { state: ShownState; mine: boolean } {
  const search: ErrorsSearch = useSearch({ strict: false });
  return { state: search.decided ?? 'open', mine: search.assigned === 'me' };
}

/** The same as the API takes it: without a state, it lists all. */
export const decidedFilter = (
  { state, mine }: { state: ShownState; mine: boolean },
  me: string,
): { state?: GroupState; assigneeId?: string } => ({
  ...(state === 'all' ? {} : { state }),
  ...(mine ? { assigneeId: me } : {}),
});

/** How many of all groups are closed, if the list has every open one and nothing else; null if it does not say. */
export function closedOf(
  all: { groupCount: number } | undefined,
  listed: { groupCount: number } | undefined,
  { state, mine }: { state: ShownState; mine: boolean },
): number | null {
  if (!all || !listed || state !== 'open' || mine) return null;
  return Math.max(0, all.groupCount - listed.groupCount);
}
