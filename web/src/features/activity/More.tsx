import type { ReactNode } from 'react';
import { Button } from '@/components/Button';
import { exact } from '@/lib/format';
import { activity as words } from '@/words';
import type { Pages } from './usePages';

/** Below a list that is read in pages: how much of it is shown, and the way to the next page. */
export function More(props: {
  pages: Pick<Pages<unknown>, 'more' | 'reading'>;
  shown: number;
  /** How many there are, if that is known. */
  of?: number;
}): ReactNode {
  const { pages, shown, of } = props;
  if (!pages.more) return null;
  return (
    <p className="flex items-center gap-3 border-t px-4 py-2 text-xs text-ink-3">
      {of === undefined ? words.shown(exact(shown)) : words.shownOf(exact(shown), exact(of))}
      <Button small disabled={pages.reading} onClick={pages.more}>
        {words.showMore}
      </Button>
    </p>
  );
}
