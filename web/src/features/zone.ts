import { browserZone } from '@/lib/zone';
import { usePageSearch } from './view';

/** The time zone of the page: the one in the URL, otherwise the browser's. */
export function useZone(): string {
  return usePageSearch().tz ?? browserZone();
}
