import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Asked, Frame } from '@/lib/answer';
import { autoGranularity } from '@/lib/granularity';
import { rangeToParams } from '@/lib/range';
import { frameOf, type PageSearch } from '@/lib/search';
import { frameParams, searchOf } from '../explore/query';
import { useCounted, useExecutionsLink } from '../executionsLink';
import type { CardQuery } from '../useCardQuery';

/** The dimensions by which executions can be listed, too. */
const LISTS = ['user', 'version', 'step'] as const;

/** The range of an answer as parameters, and its granularity unless that is the usual one for so long a range. */
function rangeOf({ range, bounds, granularity }: Frame): PageSearch {
  const usual = autoGranularity(bounds.to - bounds.from);
  return { ...rangeToParams(range), by: granularity === usual ? undefined : granularity };
}

interface Props {
  /** A value of the dimension; empty for costs without one. */
  part: string;
  dimension: string;
  /** The answer that the part is of: the link keeps its range and its filters. */
  answer: Asked;
  className?: string;
  label?: string;
  title?: string;
  children: ReactNode;
}

/** A link from a part of the costs to what it is made of: a workflow, executions, or its costs over time. */
export function PartLink(props: Props): ReactNode {
  const { part, dimension } = props;
  if (part !== '' && dimension === 'workflow') return <ToWorkflow {...props} />;
  const list = LISTS.find((name) => name === dimension);
  if (part !== '' && list) return <ToExecutions {...props} list={list} />;
  return <ToExplore {...props} />;
}

function ToWorkflow({ part, answer, className, label, title, children }: Props): ReactNode {
  return (
    <Link
      to="/workflows/$id"
      params={{ id: part }}
      search={(previous) => ({
        ...frameOf(previous),
        ...rangeOf(answer.frame),
        workflow: undefined,
      })}
      aria-label={label}
      title={title}
      className={className}
    >
      {children}
    </Link>
  );
}

function ToExecutions(props: Props & { list: (typeof LISTS)[number] }): ReactNode {
  const { part, answer, list, className, label, title, children } = props;
  const link = useExecutionsLink(useCounted(answer));
  return (
    <a {...link({ [list]: part })} aria-label={label} title={title} className={className}>
      {children}
    </a>
  );
}

/** The costs of a part over time, by what they were spent on. */
export function costsOfPart(part: string, dimension: string, { granularity }: Frame): CardQuery {
  return {
    metrics: ['cost'],
    dimensions: [dimension === 'workflow' ? 'model' : 'workflow'],
    filters: [{ dimension, op: 'in', values: [part || null] }],
    granularity,
    orderBy: [{ metric: 'cost', direction: 'desc' }],
    limit: 7,
    other: true,
  };
}

function ToExplore(props: Props): ReactNode {
  const { part, dimension, answer, className, label, title, children } = props;
  const { frame } = answer;
  const query = costsOfPart(part, dimension, frame);
  return (
    <Link
      to="/explore"
      search={(previous) => ({
        ...frameOf(previous),
        ...frameParams(frame, query),
        ...searchOf({ query, chart: 'bars' }),
        ...rangeOf(frame),
      })}
      aria-label={label}
      title={title}
      className={className}
    >
      {children}
    </Link>
  );
}
