import { useLocation } from '@tanstack/react-router';
import { useEffect, useRef, type ReactNode } from 'react';

/** The look of a tab. */
export const TAB =
  'flex h-9 items-center gap-1 rounded-t border-b-2 border-transparent px-2.5 whitespace-nowrap text-ink-2 hover:text-ink pointer-coarse:h-11';
/** What the tab on screen looks like besides. */
export const CURRENT_TAB = 'border-accent! font-medium text-ink';

/** The tabs of a page, one list item each: links, so that each has an address and Back works. On a phone they scroll inside themselves. */
export function TabBar({ label, children }: { label: string; children: ReactNode }): ReactNode {
  const list = useRef<HTMLUListElement>(null);
  const path = useLocation({ select: (location) => location.pathname });
  useEffect(() => {
    const row = list.current;
    const current = row?.querySelector<HTMLElement>('[aria-current=page]')?.parentElement;
    if (!row || !current) return;
    // Not `scrollIntoView`, which would scroll the page, too.
    row.scrollLeft = current.offsetLeft - (row.clientWidth - current.offsetWidth) / 2;
  }, [path]);
  return (
    <nav aria-label={label} className="-mx-3 border-b md:mx-0">
      <ul ref={list} className="relative flex overflow-x-auto px-1 md:px-0">
        {children}
      </ul>
    </nav>
  );
}
