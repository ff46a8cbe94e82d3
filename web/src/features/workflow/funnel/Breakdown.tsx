import type { ReactNode } from 'react';
import type { Funnel } from '@/api/workflow';
import { Card } from '@/components/Card';
import { DataTable, InlineBar, type Column } from '@/components/DataTable';
import { Name } from '@/components/Name';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import { exactFigure, figure, NO_VALUE, percent } from '@/lib/format';
import { workflow as words } from '@/words';
import { UserName } from '../../UserName';
import type { FunnelSearch } from '../search';

const SAID = words.funnel;

type Group = Funnel['groups'][number];

function columnsOf(by: NonNullable<FunnelSearch['breakdown']>): Column<Group>[] {
  const name = (group: Group): ReactNode => {
    if (!group.value) return SAID.noValue;
    return by === 'user' ? <UserName id={group.value} /> : <Name cut of={group.value} />;
  };
  return [
    {
      id: 'value',
      header: SAID.breakdowns[by] ?? by,
      className: 'max-w-48',
      cell: name,
      tells: true,
    },
    {
      id: 'entered',
      header: SAID.enrolled,
      numeric: true,
      cell: (group) => figure(group.entered, 'count'),
      exact: (group) => exactFigure(group.entered, 'count'),
    },
    {
      id: 'rate',
      header: SAID.rate,
      numeric: true,
      cell: (group) => figure(group.conversion_rate, 'percent'),
      exact: ({ conversion_bounds: { low, high } }) =>
        typeof low === 'number' && typeof high === 'number'
          ? SAID.bounds(percent(low), percent(high))
          : NO_VALUE,
    },
    {
      id: 'bar',
      header: '',
      wideOnly: true,
      className: 'w-1/4',
      cell: (group) => <Whisker group={group} />,
    },
    {
      id: 'time',
      header: SAID.typicalTime,
      numeric: true,
      cell: (group) => figure(group.time_to_convert.p50_ms, 'milliseconds'),
      exact: (group) => exactFigure(group.time_to_convert.p50_ms, 'milliseconds'),
    },
  ];
}

/** A rate as a bar, with its bounds as a line across the end. Decorative: the figures are next to it. */
function Whisker({ group }: { group: Group }): ReactNode {
  const { low, high } = group.conversion_bounds;
  return (
    <div className="relative">
      <InlineBar share={(group.conversion_rate ?? 0) / 100} color="var(--series-1)" />
      {typeof low === 'number' && typeof high === 'number' && (
        <span
          aria-hidden="true"
          className="absolute top-1/2 h-3 -translate-y-1/2 border-x border-ink-2"
          style={{ left: `${low}%`, width: `${high - low}%` }}
        />
      )}
    </div>
  );
}

/** The funnel by version, trigger or another property of the first execution. */
export function Breakdown(props: {
  query: QueryState<Funnel>;
  by: FunnelSearch['breakdown'];
}): ReactNode {
  const { query, by } = props;
  return (
    <Card
      title={SAID.breakdownTitle}
      note={query.data && query.data.more_groups > 0 && SAID.moreGroups(query.data.more_groups)}
      testId="funnel-groups"
      className="col-span-full xl:col-span-5"
    >
      {by === undefined ? (
        <EmptyNote>{SAID.chooseBreakdown}</EmptyNote>
      ) : (
        <QueryContent
          what={SAID.breakdownTitle}
          query={query}
          skeleton={<TableSkeleton rows={4} />}
        >
          {(data) =>
            data.groups.length === 0 ? (
              <EmptyNote>{SAID.nobody}</EmptyNote>
            ) : (
              <DataTable
                label={SAID.breakdownTitle}
                columns={columnsOf(by)}
                rows={data.groups}
                rowKey={(group) => group.value ?? ''}
              />
            )
          }
        </QueryContent>
      )}
    </Card>
  );
}
