import { useMemo, type ReactNode } from 'react';
import type { DocumentReport } from '@/api/reliability';
import { Card } from '@/components/Card';
import { DataTable, InlineBar, type Column } from '@/components/DataTable';
import { Name } from '@/components/Name';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import type { Unit } from '@/api/types';
import type { Asked } from '@/lib/answer';
import { exactFigure, figure } from '@/lib/format';
import { bucketWord } from '@/lib/granularity';
import { reliability as words, workflow } from '@/words';
import { LevelChart } from '../workflow/service/LevelChart';
import { documentSeries } from './series';

const SAID = words.documents;

type Kind = DocumentReport['kinds'][number];

const column = (
  id: Exclude<keyof Kind, 'kind'>,
  header: string,
  unit: Unit,
  wideOnly = false,
): Column<Kind> => ({
  id,
  header,
  numeric: true,
  wideOnly,
  cell: (kind) => figure(kind[id], unit),
  exact: (kind) => exactFigure(kind[id], unit),
});

const COLUMNS: Column<Kind>[] = [
  { id: 'kind', header: SAID.kind, tells: true, cell: ({ kind }) => <Name cut of={kind} /> },
  column('successRate', SAID.rate, 'percent'),
  {
    id: 'bar',
    header: '',
    wideOnly: true,
    className: 'w-[14%]',
    cell: ({ successRate }) => (
      <InlineBar share={(successRate ?? 0) / 100} color="var(--completed)" />
    ),
  },
  column('documents', SAID.documents, 'count'),
  column('failed', SAID.failed, 'count'),
  column('p50Ms', SAID.p50, 'milliseconds', true),
  column('p95Ms', SAID.p95, 'milliseconds'),
];

/** The documents that runs created: how many succeeded over time, and how fast each kind is. */
export function Documents({ query }: { query: QueryState<DocumentReport & Asked> }): ReactNode {
  const { data } = query;
  const chart = useMemo(() => data && documentSeries(data), [data]);
  const nothing = data?.total.documents === 0;
  return (
    <>
      <LevelChart
        id="document-chart"
        title={SAID.overTime}
        note={chart && workflow.service.per(bucketWord(chart.granularity))}
        empty={SAID.nothing}
        query={query}
        data={nothing ? undefined : chart}
        legend
      />
      <Card title={SAID.title} testId="documents" className="col-span-full xl:col-span-6">
        <QueryContent what={SAID.title} query={query} skeleton={<TableSkeleton rows={4} />}>
          {({ kinds }) =>
            kinds.length === 0 ? (
              <EmptyNote>{SAID.nothing}</EmptyNote>
            ) : (
              <DataTable
                label={SAID.title}
                columns={COLUMNS}
                rows={kinds}
                presorted
                rowKey={({ kind }) => kind}
              />
            )
          }
        </QueryContent>
      </Card>
    </>
  );
}
