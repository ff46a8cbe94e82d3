import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo, type ReactNode } from 'react';
import type { QueryResult } from '@/api/types';
import { Link } from '@tanstack/react-router';
import { buttonClass } from '@/components/Button';
import { Answer, Card } from '@/components/Card';
import { DataTable, InlineBar, type Column } from '@/components/DataTable';
import { Icon } from '@/components/Icon';
import { Nothing, TableSkeleton } from '@/components/states';
import { compact, exact, percent } from '@/lib/format';
import { frameOf } from '@/lib/search';
import { nameOf, numberOf, textOf } from '../rows';

/** One error type with the place where it happens most. */
export interface ErrorGroup {
  type: string;
  count: number;
  share: number;
  /** The value of the second dimension with most of these errors. */
  place: string | null;
  places: number;
}

/** Sums errors over a second dimension and keeps where most of them are; largest first. */
export function groupErrors(result: QueryResult, by: string): ErrorGroup[] {
  const groups = new Map<
    string,
    { count: number; most: number; place: string | null; places: number }
  >();
  let total = 0;
  for (const row of result.rows) {
    const count = numberOf(row, 'errors') ?? 0;
    if (count === 0) continue;
    const type = textOf(row, 'error_type') ?? 'No error type given';
    const group = groups.get(type) ?? { count: 0, most: 0, place: null, places: 0 };
    group.count += count;
    group.places += 1;
    if (count > group.most) {
      group.most = count;
      group.place = textOf(row, by);
    }
    groups.set(type, group);
    total += count;
  }
  return [...groups]
    .map(([type, group]) => ({
      type,
      count: group.count,
      share: group.count / total,
      place: group.place,
      places: group.places,
    }))
    .sort((a, b) => b.count - a.count);
}

interface Props {
  query: UseQueryResult<QueryResult>;
  by: 'workflow' | 'error_step';
  placeHeader: string;
  link?: (id: string, name: string) => ReactNode;
  /** The workflow that the errors are of, where they are of one. */
  workflow?: string;
}

/** The most frequent errors and where they happen. */
export function TopErrors(props: Props): ReactNode {
  return (
    <Card
      title="Top errors"
      testId="top-errors"
      className="col-span-full xl:col-span-6"
      actions={
        <Link
          to="/errors"
          search={(previous) => ({
            ...frameOf(previous),
            ...(props.workflow ? { workflow: [props.workflow] } : {}),
          })}
          className={buttonClass('quiet', true)}
        >
          Error groups <Icon name="right" size={12} />
        </Link>
      }
    >
      <Answer what="Errors" query={props.query} skeleton={<TableSkeleton rows={8} />}>
        {(result) => <Errors {...props} result={result} />}
      </Answer>
    </Card>
  );
}

function Errors({ result, by, placeHeader, link }: Props & { result: QueryResult }): ReactNode {
  const groups = useMemo(() => groupErrors(result, by), [result, by]);
  if (groups.length === 0) return <Nothing>No execution failed or crashed in this range.</Nothing>;
  const place = (group: ErrorGroup): ReactNode => {
    if (group.place === null) return '–';
    const name = nameOf(result, by, group.place);
    return (
      <span className="flex items-center gap-1">
        <span className="min-w-0 truncate">{link ? link(group.place, name) : name}</span>
        {group.places > 1 && <span className="text-xs text-ink-3">+{group.places - 1}</span>}
      </span>
    );
  };
  const columns: Column<ErrorGroup>[] = [
    {
      id: 'type',
      header: 'Error',
      className: 'max-w-40 truncate',
      cell: (group) => group.type,
      exact: (group) => group.type,
    },
    { id: 'place', header: placeHeader, className: 'max-w-44', cell: place },
    {
      id: 'count',
      header: 'Count',
      numeric: true,
      cell: (group) => compact(group.count),
      exact: (group) => exact(group.count),
    },
    { id: 'share', header: 'Share', numeric: true, cell: (group) => percent(group.share * 100) },
    {
      id: 'bar',
      header: '',
      className: 'w-1/6',
      wideOnly: true,
      cell: (group) => <InlineBar share={group.share} color="var(--failed)" />,
    },
  ];
  return (
    <DataTable
      label="Top errors"
      columns={columns}
      rows={groups}
      rowKey={(group) => group.type}
      most={10}
    />
  );
}
