import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { frameOf, type PageSearch } from '@/lib/search';
import { Icon } from '@/components/Icon';
import { components } from '@/words';

/** A link to the list that a page belongs to. `keep` says what of the address the list is opened with. */
export function Breadcrumb(props: {
  to: '/workflows' | '/executions' | '/errors' | '/activity/engagement' | '/connectors';
  label: string;
  keep?: (search: PageSearch) => PageSearch;
}): ReactNode {
  return (
    <nav aria-label={components.breadcrumb} className="text-xs text-ink-3">
      <Link
        to={props.to}
        search={(previous) => (props.keep ?? frameOf)(previous)}
        className="touch-target inline-flex items-center gap-0.5 hover:underline"
      >
        <Icon name="left" size={12} />
        {props.label}
      </Link>
    </nav>
  );
}
