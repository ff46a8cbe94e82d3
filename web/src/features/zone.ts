import { usePreferences, zoneOf } from '@/lib/preferences';
import { usePageSearch } from './view';

/** The time zone of the page: the one in the URL, otherwise the one that the user prefers, or the browser's. */
export function useZone(): string {
  const own = zoneOf(usePreferences());
  return usePageSearch().tz ?? own;
}
