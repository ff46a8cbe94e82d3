import type { ReactNode } from 'react';
import { useExecutionsLink } from '../executionsLink';
import { useWorkflow } from '../workflow/context';

/** What the map counts, as filters of the list of executions. */
export interface MapFilters {
  step?: string;
  fromStep?: string;
  toStep?: string;
  variant?: string;
  status?: string;
  version?: string;
}

/** A link to the executions of the workflow that a figure of the map counts. */
export function ExecutionsLink(props: {
  filters: MapFilters;
  title?: string;
  className?: string;
  children: ReactNode;
}): ReactNode {
  const { id, view } = useWorkflow();
  const link = useExecutionsLink(view);
  return (
    <a
      {...link({ workflow: id, ...props.filters })}
      title={props.title}
      className={props.className ?? 'hover:underline'}
    >
      {props.children}
    </a>
  );
}
