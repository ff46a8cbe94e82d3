import type { SavedView } from '@/api/savedViews';
import { LOCALE } from '@/words/locale';

/** How many views the navigation shows. */
export const MOST_IN_RAIL = 8;

/** A person's own views, then the shared ones, each by name. */
export function inOrder(views: SavedView[]): SavedView[] {
  return [...views].sort(
    (a, b) =>
      Number(a.shared) - Number(b.shared) ||
      a.name.localeCompare(b.name, LOCALE, { numeric: true }),
  );
}

/** The views whose name or author has every word of a text. */
export function withText(views: SavedView[], text: string): SavedView[] {
  const parts = text.toLowerCase().split(/\s+/).filter(Boolean);
  return views.filter(({ name, author }) => {
    const hay = `${name} ${author}`.toLowerCase();
    return parts.every((part) => hay.includes(part));
  });
}
