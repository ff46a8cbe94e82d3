import { rangeToParams } from '@/lib/range';
import type { PageSearch } from '@/lib/search';
import type { View } from '../view';

/** What a sent link keeps for its reader. */
export interface Sharing {
  /** The range as it is now, rather than one that moves on with the clock. */
  pinned: boolean;
  /** The sender's time zone, rather than the reader's own. */
  zone: boolean;
}

/** The parameters of a link to a page that shows its reader the same thing. */
export function sharedSearch(
  search: PageSearch,
  view: Pick<View, 'project' | 'range' | 'bounds' | 'zone'>,
  { pinned, zone }: Sharing,
): PageSearch {
  const { project, range, bounds } = view;
  return {
    ...search,
    // Without these, the reader's first project and usual range would be shown.
    project: project.id,
    ...rangeToParams(pinned ? { kind: 'absolute', ...bounds } : range),
    tz: zone ? view.zone : undefined,
  };
}
