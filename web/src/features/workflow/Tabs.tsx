import { Link, useLocation } from '@tanstack/react-router';
import { useEffect, useRef, type ReactNode } from 'react';
import { Icon } from '@/components/Icon';
import { frameOf, type PageSearch } from '@/lib/search';
import { workflow as words } from '@/words';
import { TAB_PARAMETERS } from './search';
import { TABS } from './tabs';

const LINK =
  'flex h-9 items-center gap-1 rounded-t border-b-2 border-transparent px-2.5 whitespace-nowrap text-ink-2 hover:text-ink pointer-coarse:h-11';
const ACTIVE = 'border-accent! font-medium text-ink';

/** What stays in the URL when another tab is opened: what only one tab understands stays behind. */
function kept(previous: PageSearch): PageSearch {
  return { ...frameOf(previous), ...TAB_PARAMETERS, workflow: undefined };
}

/** The tabs of a workflow: links, so that each has an address and Back works. On a phone they scroll inside themselves. */
export function Tabs({ id }: { id: string }): ReactNode {
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
    <nav aria-label={words.navigation} className="-mx-3 border-b md:mx-0">
      <ul ref={list} className="relative flex overflow-x-auto px-1 md:px-0">
        {TABS.map((tab) => (
          <li key={tab.id} className="shrink-0">
            <Link
              to={`/workflows/$id/${tab.path}`.replace(/\/$/, '')}
              params={{ id }}
              search={kept}
              activeOptions={{ exact: true, includeSearch: false }}
              activeProps={{ className: ACTIVE }}
              className={LINK}
            >
              {tab.label}
            </Link>
          </li>
        ))}
        <li className="shrink-0">
          <Link
            to="/executions"
            search={(previous: PageSearch) => ({ ...kept(previous), workflow: [id] })}
            className={LINK}
          >
            {words.tabs.executions} <Icon name="right" size={12} />
          </Link>
        </li>
      </ul>
    </nav>
  );
}
