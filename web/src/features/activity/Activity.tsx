import { Link, Outlet } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { frameOf } from '@/lib/search';
import { activity as words, frame } from '@/words';
import { NoData } from '../board/Empty';
import { CURRENT_TAB, TAB, TabBar } from '../TabBar';
import { useView } from '../view';

const TABS = [
  { id: 'users', to: '/activity' },
  { id: 'engagement', to: '/activity/engagement' },
  { id: 'retention', to: '/activity/retention' },
  { id: 'segments', to: '/activity/segments' },
] as const;

/** What users do: who is active and when, how much, and whether they come back. */
export function Activity(): ReactNode {
  const view = useView();
  if (!view.extent) return <NoData view={view} />;
  return (
    <div className="flex flex-col gap-3">
      <title>{frame.pageTitle(words.title)}</title>
      <h1 className="sr-only">{words.title}</h1>
      <TabBar label={words.navigation}>
        {TABS.map(({ id, to }) => (
          <li key={id} className="shrink-0">
            <Link
              to={to}
              search={(previous) => frameOf(previous)}
              activeOptions={{ exact: true, includeSearch: false }}
              activeProps={{ className: CURRENT_TAB }}
              className={TAB}
            >
              {words.tabs[id]}
            </Link>
          </li>
        ))}
      </TabBar>
      <Outlet />
    </div>
  );
}
