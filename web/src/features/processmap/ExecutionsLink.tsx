import { useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { rangeToParams } from '@/lib/range';
import { stringifySearch } from '@/lib/search';
import { useExecutionsLink } from '../executionsLink';
import { followLink } from '../followLink';
import { useWorkflow } from '../workflow/context';

/** What the map counts, as filters of the list of executions. */
export interface MapFilters {
  step?: string;
  fromStep?: string;
  toStep?: string;
  firstStep?: string;
  lastStep?: string;
  variant?: string;
  status?: string | string[];
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

/** A link to one execution, by its public id. */
export function ExecutionLink({ id, children }: { id: string; children: ReactNode }): ReactNode {
  const router = useRouter();
  const { id: workflow, view } = useWorkflow();
  const search = stringifySearch({
    project: view.project.id,
    ...rangeToParams(view.range),
    workflow,
  });
  const href = `/executions/${encodeURIComponent(id)}${search}`;
  return (
    <a
      href={href}
      onClick={(event) => followLink(event, () => router.history.push(href))}
      className="text-accent hover:underline"
    >
      {children}
    </a>
  );
}
