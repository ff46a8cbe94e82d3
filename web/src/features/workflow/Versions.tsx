import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Row } from '@/api/types';
import { buttonClass } from '@/components/Button';
import { Card } from '@/components/Card';
import { DataTable, InlineBar, type Column } from '@/components/DataTable';
import { Icon } from '@/components/Icon';
import { Name } from '@/components/Name';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import type { Answer } from '@/lib/answer';
import { exactFigure, figure } from '@/lib/format';
import { workflow as words } from '@/words';
import { numberOf, textOf } from '../rows';
import { useWorkflow } from './context';
import { kept } from './links';
import { versionsQuery } from '../cardQueries';
import { ExploreLink } from '../explore/ExploreLink';

const SAID = words.versions;
/** How many versions are listed: those with the most executions. The others are in the tab of versions. */
const MOST = 8;

/** Durations by version at a glance; shown only if there are several versions, or if they could not be loaded. */
export function Versions({ query }: { query: QueryState<Answer> }): ReactNode {
  const { id } = useWorkflow();
  const count = query.data?.rows.length ?? 0;
  if (!query.isError && count < 2) return null;
  return (
    <Card
      title={SAID.title}
      note={count > MOST ? SAID.most(MOST, query.data?.meta.groups ?? count) : SAID.glance}
      testId="versions"
      className="col-span-full"
      actions={
        <>
          <Link
            to="/workflows/$id/versions"
            params={{ id }}
            search={kept}
            className={buttonClass('quiet', true)}
          >
            {SAID.all} <Icon name="right" size={12} />
          </Link>
          <ExploreLink title={SAID.title} frame={query.data?.frame} query={versionsQuery} />
        </>
      }
    >
      <QueryContent what={SAID.title} query={query} skeleton={null}>
        {(result) => <Table rows={result.rows.slice(0, MOST)} />}
      </QueryContent>
    </Card>
  );
}

function Table({ rows }: { rows: Row[] }): ReactNode {
  const top = Math.max(...rows.map((row) => numberOf(row, 'duration_p95') ?? 0), 1);
  const column = (
    id: string,
    header: string,
    unit: 'count' | 'percent' | 'milliseconds',
  ): Column<Row> => ({
    id,
    header,
    numeric: true,
    cell: (row) => figure(numberOf(row, id), unit),
    exact: (row) => exactFigure(numberOf(row, id), unit),
  });
  const bar = (id: string, color: string): Column<Row> => ({
    id: `${id}-bar`,
    header: '',
    wideOnly: true,
    className: 'w-1/5',
    cell: (row) => <InlineBar share={(numberOf(row, id) ?? 0) / top} color={color} />,
  });
  return (
    <DataTable
      label={SAID.title}
      rows={rows}
      rowKey={(row) => textOf(row, 'version') ?? ''}
      columns={[
        {
          id: 'version',
          header: SAID.version,
          className: 'max-w-60',
          tells: true,
          cell: (row) => <Name cut of={textOf(row, 'version') ?? SAID.unreported} />,
        },
        column('executions', SAID.executions, 'count'),
        column('success_rate', SAID.success, 'percent'),
        column('duration_p50', SAID.medianShort, 'milliseconds'),
        bar('duration_p50', 'var(--series-2)'),
        column('duration_p95', SAID.p95Short, 'milliseconds'),
        bar('duration_p95', 'var(--series-1)'),
      ]}
    />
  );
}
