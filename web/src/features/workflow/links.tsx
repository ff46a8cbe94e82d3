import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { frameOf, type PageSearch } from '@/lib/search';
import { TAB_PARAMETERS } from './search';

/** What stays in the URL on the way from one tab to another place: what only that tab understands stays behind. */
export function kept(previous: PageSearch): PageSearch {
  return { ...frameOf(previous), ...TAB_PARAMETERS, workflow: undefined };
}

/** The pages of executions, which have a part of the application of their own. */
const EXECUTIONS: string = '/executions';
const EXECUTION: string = '/executions/$id';

/** A link to the executions of a workflow in the range of the page. */
export function ExecutionsLink(props: {
  workflow: string;
  className?: string;
  children: ReactNode;
}): ReactNode {
  return (
    <Link
      to={EXECUTIONS}
      search={(previous: PageSearch) => ({ ...kept(previous), workflow: [props.workflow] })}
      className={props.className}
    >
      {props.children}
    </Link>
  );
}

/** Where the page of an execution is, for cells that are no links of their own. */
export const executionPath = { to: EXECUTION, search: kept };
