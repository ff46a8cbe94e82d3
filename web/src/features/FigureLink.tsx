import type { ReactNode } from 'react';
import { useExecutionsLink, type Counted, type ExecutionFilters } from './executionsLink';

/** A figure that leads to the executions behind it. */
export function FigureLink(props: {
  view: Counted;
  filters?: ExecutionFilters;
  children: ReactNode;
  /** What the figure counts, for readers who do not see where it stands. */
  label?: string;
}): ReactNode {
  const link = useExecutionsLink(props.view);
  return (
    <a
      {...link(props.filters)}
      aria-label={props.label}
      // Above the link of a whole row.
      className="relative z-1 hover:underline"
    >
      {props.children}
    </a>
  );
}
