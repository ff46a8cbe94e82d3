import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Icon } from '@/components/Icon';
import { workflow as words } from '@/words';
import { CURRENT_TAB, TAB, TabBar } from '../TabBar';
import { ExecutionsLink, kept } from './links';
import { TABS } from './tabs';

/** The tabs of a workflow, and the way to its executions. */
export function Tabs({ id }: { id: string }): ReactNode {
  return (
    <TabBar label={words.navigation}>
      {TABS.map((tab) => (
        <li key={tab.id} className="shrink-0">
          <Link
            to={`/workflows/$id/${tab.path}`.replace(/\/$/, '')}
            params={{ id }}
            search={kept}
            activeOptions={{ exact: true, includeSearch: false }}
            activeProps={{ className: CURRENT_TAB }}
            className={TAB}
          >
            {tab.label}
          </Link>
        </li>
      ))}
      <li className="shrink-0">
        <ExecutionsLink workflow={id} className={TAB}>
          {words.tabs.executions} <Icon name="right" size={12} />
        </ExecutionsLink>
      </li>
    </TabBar>
  );
}
