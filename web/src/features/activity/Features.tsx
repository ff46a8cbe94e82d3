import type { ReactNode } from 'react';
import type { FeatureUse } from '@/api/activity';
import { Card } from '@/components/Card';
import { DataTable, InlineBar, parseSort, type Column } from '@/components/DataTable';
import { Name } from '@/components/Name';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import { compact, exact, exactFigure, figure } from '@/lib/format';
import { activity as words } from '@/words';
import { usePageSearch, useSetSearch } from '../view';

const SAID = words.features;
/** How many features are listed. */
const SHOWN = 50;

const COLUMNS: Column<FeatureUse>[] = [
  {
    id: 'action',
    header: SAID.action,
    sortBy: (row) => row.action ?? null,
    cell: (row) => (row.action ? <Name of={row.action} /> : SAID.noAction),
  },
  {
    id: 'resource',
    header: SAID.resource,
    wideOnly: true,
    sortBy: (row) => row.resource ?? null,
    cell: (row) =>
      row.resource ? (
        <Name of={row.resource} />
      ) : (
        <span className="text-ink-3">{SAID.noResource}</span>
      ),
  },
  {
    id: 'uses',
    header: SAID.uses,
    numeric: true,
    sortBy: (row) => row.uses,
    cell: (row) => compact(row.uses),
    exact: (row) => SAID.usesExact(exact(row.uses), figure(row.sharePct, 'percent')),
  },
  {
    id: 'users',
    header: SAID.users,
    numeric: true,
    sortBy: (row) => row.users,
    cell: (row) => compact(row.users),
    exact: (row) => exact(row.users),
  },
  {
    id: 'adoption',
    header: SAID.adoption,
    numeric: true,
    sortBy: (row) => row.adoptionPct ?? null,
    cell: (row) => figure(row.adoptionPct, 'percent'),
    exact: (row) => exactFigure(row.adoptionPct, 'percent'),
  },
  {
    id: 'bar',
    header: '',
    wideOnly: true,
    className: 'w-32',
    cell: (row) => <InlineBar share={(row.adoptionPct ?? 0) / 100} />,
  },
];

/** Of one user, who used each feature says nothing; which share of what they did it was does. */
const COLUMNS_OF_ONE: Column<FeatureUse>[] = [
  ...COLUMNS.filter(({ id }) => !['users', 'adoption', 'bar'].includes(id)),
  {
    id: 'share',
    header: SAID.share,
    numeric: true,
    sortBy: (row) => row.sharePct ?? null,
    cell: (row) => figure(row.sharePct, 'percent'),
    exact: (row) => exactFigure(row.sharePct, 'percent'),
  },
  {
    id: 'bar',
    header: '',
    wideOnly: true,
    className: 'w-24',
    cell: (row) => <InlineBar share={(row.sharePct ?? 0) / 100} />,
  },
];

/** The features that were used, and which share of the active users used each. */
export function Features<T extends { features: FeatureUse[] }>(props: {
  query: QueryState<T>;
  /** Whether the figures are those of one user. */
  ofOne?: boolean;
  className?: string;
}): ReactNode {
  const { sort } = usePageSearch();
  const setSearch = useSetSearch();
  return (
    <Card title={SAID.title} note={SAID.note} testId="features" className={props.className}>
      <QueryContent what={SAID.title} query={props.query} skeleton={<TableSkeleton rows={8} />}>
        {({ features }) =>
          features.length === 0 ? (
            <EmptyNote>{SAID.nothing}</EmptyNote>
          ) : (
            <>
              <DataTable
                label={SAID.title}
                columns={props.ofOne ? COLUMNS_OF_ONE : COLUMNS}
                rows={features}
                rowKey={(row) => `${row.action ?? ''} ${row.resource ?? ''}`}
                sort={parseSort(sort, { by: 'uses', direction: 'desc' })}
                onSort={(next) =>
                  setSearch({ sort: `${next.by}.${next.direction}` }, { replace: true })
                }
                limit={SHOWN}
              />
              {features.length > SHOWN && (
                <p className="border-t px-4 py-2 text-xs text-ink-3">
                  {SAID.cut(exact(SHOWN), exact(features.length))}
                </p>
              )}
            </>
          )
        }
      </QueryContent>
    </Card>
  );
}
