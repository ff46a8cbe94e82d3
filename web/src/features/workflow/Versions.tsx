import type { ReactNode } from 'react';
import type { Row } from '@/api/types';
import { Card } from '@/components/Card';
import { DataTable, InlineBar, type Column } from '@/components/DataTable';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import type { Answer } from '@/lib/answer';
import { exactFigure, figure } from '@/lib/format';
import { workflow } from '@/words';
import { numberOf, textOf } from '../rows';
import { Name } from '@/components/Name';

const words = workflow.overview.versions;

/** Durations by version, side by side; shown only if there are several versions, or if they could not be loaded. */
export function Versions({ query }: { query: QueryState<Answer> }): ReactNode {
  if (!query.isError && (query.data?.rows ?? []).length < 2) return null;
  return (
    <Card title={words.title} note={words.note} testId="versions" className="col-span-full">
      <QueryContent what={words.title} query={query} skeleton={null}>
        {(result) => <Table rows={result.rows} />}
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
      label={words.title}
      rows={rows}
      rowKey={(row) => textOf(row, 'version') ?? ''}
      columns={[
        {
          id: 'version',
          header: words.version,
          className: 'max-w-60',
          tells: true,
          cell: (row) => <Name cut of={textOf(row, 'version') ?? words.none} />,
        },
        column('executions', words.executions, 'count'),
        column('success_rate', words.success, 'percent'),
        column('duration_p50', words.p50, 'milliseconds'),
        bar('duration_p50', 'var(--series-2)'),
        column('duration_p95', words.p95, 'milliseconds'),
        bar('duration_p95', 'var(--series-1)'),
      ]}
    />
  );
}
