import { useMemo, type ReactNode } from 'react';
import type { QueryResult, Row } from '@/api/types';
import { Link } from '@tanstack/react-router';
import { buttonClass } from '@/components/Button';
import { Card } from '@/components/Card';
import { DataTable, InlineBar, type Column } from '@/components/DataTable';
import { Icon } from '@/components/Icon';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import type { Answer } from '@/lib/answer';
import { compact, exact, NO_VALUE, percent } from '@/lib/format';
import { frameOf } from '@/lib/search';
import { board } from '@/words';
import { ERROR_STATUSES, useCounted } from '../executionsLink';
import { FigureLink } from '../FigureLink';
import { nameOf, numberOf, textOf } from '../rows';
import { Name } from '@/components/Name';
import { errorsQuery, errorStepsQuery } from '../cardQueries';
import { ExploreLink } from '../explore/ExploreLink';

const words = board.errors;

/** An error type, with the place where it occurs most. */
export interface ErrorType {
  type: string;
  /** Null for errors without a type, which no filter names. */
  id: string | null;
  count: number;
  share: number;
  /** The value of the second dimension with the most of these errors, and how many it has. */
  place: string | null;
  countInPlace: number;
  places: number;
}

/** The listed error types, each with all of its places, and the sum of the types that are not listed. */
export interface TopOfErrors {
  groups: ErrorType[];
  /** Errors of other types. */
  rest: { count: number; share: number } | null;
}

/**
 * Reads the result of a query for the most frequent errors: a row per type for the place with the most of its errors,
 * and the sums of everything else.
 */
export function groupErrors(result: QueryResult, by: string): TopOfErrors {
  const other = result.other?.rows ?? [];
  const errors = (row: Row): number => numberOf(row, 'errors') ?? 0;
  const total = [...result.rows, ...other].reduce((sum, row) => sum + errors(row), 0);
  const ofType = new Map(
    other.filter((row) => 'error_type' in row).map((row) => [textOf(row, 'error_type'), row]),
  );
  const rows = result.rows.filter((row) => errors(row) > 0);
  const groups = rows.map((row) => {
    const more = ofType.get(textOf(row, 'error_type'));
    const count = errors(row) + (more ? errors(more) : 0);
    return {
      type: textOf(row, 'error_type') ?? words.noType,
      id: textOf(row, 'error_type'),
      count,
      share: count / total,
      place: textOf(row, by),
      countInPlace: errors(row),
      places: 1 + (numberOf(more, 'groups') ?? 0),
    };
  });
  const rest = other.find((row) => !('error_type' in row));
  const count = rest ? errors(rest) : 0;
  return { groups, rest: count > 0 ? { count, share: count / total } : null };
}

interface Props {
  query: QueryState<Answer>;
  by: 'workflow' | 'error_step';
  placeHeader: string;
  link?: (id: string, name: string) => ReactNode;
  /** The workflow that the errors belong to, on the page of a single workflow. */
  workflow?: string;
  /** How wide the card is on a wide screen. */
  className?: string;
}

/** The most frequent errors and where they occur. */
export function TopErrors(props: Props): ReactNode {
  return (
    <Card
      title={words.title}
      testId="top-errors"
      className={`col-span-full ${props.className ?? 'xl:col-span-6'}`}
      actions={
        <>
          <Link
            to="/errors"
            search={(previous) => ({
              ...frameOf(previous),
              ...(props.workflow ? { workflow: [props.workflow] } : {}),
            })}
            className={buttonClass('quiet', true)}
          >
            {words.groups} <Icon name="right" size={12} />
          </Link>
          <ExploreLink
            title={words.title}
            frame={props.query.data?.frame}
            query={props.by === 'workflow' ? errorsQuery : errorStepsQuery}
          />
        </>
      }
    >
      <QueryContent what={words.what} query={props.query} skeleton={<TableSkeleton rows={8} />}>
        {(result) => <Errors {...props} result={result} />}
      </QueryContent>
    </Card>
  );
}

function Errors({ result, by, placeHeader, link }: Props & { result: Answer }): ReactNode {
  const counted = useCounted(result);
  const { groups, rest } = useMemo(() => groupErrors(result, by), [result, by]);
  if (groups.length === 0) return <EmptyNote>{words.none}</EmptyNote>;
  const place = (group: ErrorType): ReactNode => {
    if (group.place === null) return NO_VALUE;
    const name = nameOf(result, by, group.place);
    return (
      <span className="flex items-center gap-1">
        <span className="min-w-0 truncate">
          {link ? link(group.place, name) : <Name cut of={name} />}
        </span>
        {group.places > 1 && <span className="text-xs text-ink-3">+{group.places - 1}</span>}
      </span>
    );
  };
  const columns: Column<ErrorType>[] = [
    {
      id: 'type',
      header: words.error,
      className: 'max-w-40 truncate',
      cell: (group) => <Name of={group.type} />,
      exact: (group) => group.type,
    },
    { id: 'place', header: placeHeader, className: 'max-w-44', cell: place },
    {
      id: 'count',
      header: words.count,
      numeric: true,
      cell: (group) =>
        group.id === null ? (
          compact(group.count)
        ) : (
          <FigureLink view={counted} filters={{ errorType: group.id, status: ERROR_STATUSES }}>
            {compact(group.count)}
          </FigureLink>
        ),
      exact: (group) => exact(group.count),
    },
    {
      id: 'share',
      header: words.share,
      numeric: true,
      cell: (group) => percent(group.share * 100),
    },
    {
      id: 'bar',
      header: '',
      className: 'w-1/6',
      wideOnly: true,
      cell: (group) => <InlineBar share={group.share} color="var(--failed)" />,
    },
  ];
  return (
    <>
      <DataTable
        label={words.title}
        columns={columns}
        rows={groups}
        rowKey={(group) => group.type}
      />
      {rest && (
        <p className="border-t px-4 py-2 text-xs text-ink-3" data-testid="other-errors">
          {words.others(exact(rest.count), percent(rest.share * 100))}
        </p>
      )}
    </>
  );
}
