import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { frameOf, type PageSearch } from '@/lib/search';
import { components } from '@/words';

/** A link to the list that a page belongs to. `keep` says what of the address the list is opened with. */
export function Breadcrumb(props: {
  to: '/workflows' | '/executions' | '/errors';
  label: string;
  keep?: (search: PageSearch) => PageSearch;
}): ReactNode {
  return (
    <nav aria-label={components.breadcrumb} className="text-xs text-ink-3">
      <Link
        to={props.to}
        search={(previous) => (props.keep ?? frameOf)(previous)}
        className="touch-target inline-flex items-center hover:underline"
      >
        {props.label}
      </Link>{' '}
      /
    </nav>
  );
}
