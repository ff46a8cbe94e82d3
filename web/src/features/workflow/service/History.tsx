import type { ReactNode } from 'react';
import type { ServiceLevel } from '@/api/workflow';
import { Card } from '@/components/Card';
import { DataTable, type Column } from '@/components/DataTable';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import { Tag } from '@/components/Tag';
import { exactFigure, figure } from '@/lib/format';
import { dateOnly } from '@/lib/zone';
import { workflow as words } from '@/words';
import { useZone } from '../../zone';

const SAID = words.service;
/** How many of the windows that ended are listed. */
const LISTED = 14;

type Ended = ServiceLevel['history'][number];

function columnsOf(zone: string): Column<Ended>[] {
  return [
    {
      id: 'window',
      header: SAID.until,
      cell: (ended) => dateOnly(Date.parse(ended.windowEnd) - 1, zone),
    },
    {
      id: 'success',
      header: SAID.success,
      numeric: true,
      cell: (ended) => figure(ended.successPct, 'percent'),
      exact: (ended) => exactFigure(ended.successPct, 'percent'),
    },
    {
      id: 'spent',
      header: SAID.spentShort,
      numeric: true,
      cell: (ended) => figure(ended.errorBudgetBurnPct, 'percent'),
      exact: (ended) => exactFigure(ended.errorBudgetBurnPct, 'percent'),
    },
    {
      id: 'runs',
      header: SAID.runs,
      numeric: true,
      wideOnly: true,
      cell: (ended) => figure(ended.totalRuns, 'count'),
    },
    {
      id: 'verdict',
      header: SAID.state,
      cell: (ended) =>
        ended.verdict && (
          <Tag tone={ended.verdict === 'violated' ? 'bad' : 'plain'}>
            {SAID.verdicts[ended.verdict]}
          </Tag>
        ),
    },
  ];
}

/** The windows that have ended, the newest first. */
export function History(props: {
  query: QueryState<ServiceLevel>;
  /** Whether they are those of a project, which always has windows of its own. */
  ofProject: boolean;
}): ReactNode {
  const { query, ofProject } = props;
  const zone = useZone();
  return (
    <Card
      title={SAID.history}
      note={query.data && query.data.history.length > LISTED && SAID.newest(LISTED)}
      testId="service-history"
      className="col-span-full xl:col-span-5"
    >
      <QueryContent what={SAID.history} query={query} skeleton={<TableSkeleton rows={8} />}>
        {({ history, config }) =>
          history.length === 0 ? (
            <EmptyNote>
              {ofProject || config.level === 'workflow' ? SAID.noHistory : SAID.noOwnTarget}
            </EmptyNote>
          ) : (
            <DataTable
              label={SAID.history}
              columns={columnsOf(zone)}
              rows={history}
              limit={LISTED}
              rowKey={(ended) => ended.windowEnd}
            />
          )
        }
      </QueryContent>
    </Card>
  );
}
