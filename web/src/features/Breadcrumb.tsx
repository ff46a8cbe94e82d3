import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { frameOf } from '@/lib/search';
import { components } from '@/words';

/** A link to the list that a page belongs to. */
export function Breadcrumb(props: {
  to: '/workflows' | '/executions' | '/errors';
  label: string;
}): ReactNode {
  return (
    <nav aria-label={components.breadcrumb} className="text-xs text-ink-3">
      <Link
        to={props.to}
        search={(previous) => frameOf(previous)}
        className="touch-target inline-flex items-center hover:underline"
      >
        {props.label}
      </Link>{' '}
      /
    </nav>
  );
}
