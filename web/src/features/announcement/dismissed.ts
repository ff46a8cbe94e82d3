import { remember, remembered } from '@/lib/stored';

const KEY = 'weir.announcements.dismissed';
/** How many are remembered: an older one may show again when a newer one ends. */
const MOST = 20;

/** The ids of the announcements that were dismissed in this browser, newest last. */
export function dismissedIds(): string[] {
  return (remembered(KEY) ?? '').split(' ').filter(Boolean);
}

/** Remembers that an announcement was dismissed. Returns all ids. */
export function dismiss(id: string): string[] {
  const ids = [...dismissedIds().filter((other) => other !== id), id].slice(-MOST);
  remember(KEY, ids.join(' '));
  return ids;
}
