import { useMemo, type ReactNode } from 'react';
import type { QueueReport } from '@/api/reliability';
import type { Unit } from '@/api/types';
import { Card } from '@/components/Card';
import { DataTable, type Column } from '@/components/DataTable';
import { Name } from '@/components/Name';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import type { Asked } from '@/lib/answer';
import { exactFigure, figure } from '@/lib/format';
import { bucketWord } from '@/lib/granularity';
import { reliability as words, workflow } from '@/words';
import { LevelChart } from '../workflow/service/LevelChart';
import { queueSeries, waitSeries } from './series';

const SAID = words.queues;

type Queue = QueueReport['queues'][number];

const column = (
  id: Exclude<keyof Queue, 'queue'>,
  header: string,
  unit: Unit,
  wideOnly = false,
): Column<Queue> => ({
  id,
  header,
  numeric: true,
  wideOnly,
  cell: (queue) => figure(queue[id], unit),
  exact: (queue) => exactFigure(queue[id], unit),
});

const COLUMNS: Column<Queue>[] = [
  { id: 'queue', header: SAID.queue, tells: true, cell: ({ queue }) => <Name cut of={queue} /> },
  column('enqueued', SAID.added, 'count', true),
  column('dequeued', SAID.removed, 'count', true),
  column('depth', SAID.depth, 'count'),
  column('maxDepth', SAID.maxDepth, 'count', true),
  column('waitP50Ms', SAID.waits.waitP50Ms, 'milliseconds'),
  column('waitP95Ms', SAID.waits.waitP95Ms, 'milliseconds'),
  column('waitP99Ms', SAID.waits.waitP99Ms, 'milliseconds', true),
];

/** The queues that runs wait in: how full they are, and how long items wait. */
export function Queues({ query }: { query: QueryState<QueueReport & Asked> }): ReactNode {
  const { data } = query;
  const [moves, waits] = useMemo(
    () => (data && data.queues.length > 0 ? [queueSeries(data), waitSeries(data)] : []),
    [data],
  );
  const note = moves && workflow.service.per(bucketWord(moves.granularity));
  return (
    <>
      <LevelChart
        id="queue-chart"
        title={SAID.overTime}
        note={note}
        empty={SAID.nothing}
        query={query}
        data={moves}
        legend
      />
      <LevelChart
        id="wait-chart"
        title={SAID.waiting}
        note={note}
        empty={SAID.nothing}
        query={query}
        data={waits}
        legend
      />
      <Card title={SAID.title} note={SAID.note} testId="queues" className="col-span-full">
        <QueryContent what={SAID.title} query={query} skeleton={<TableSkeleton rows={4} />}>
          {({ queues }) =>
            queues.length === 0 ? (
              <EmptyNote>{SAID.nothing}</EmptyNote>
            ) : (
              <DataTable
                label={SAID.title}
                columns={COLUMNS}
                rows={queues}
                presorted
                rowKey={({ queue }) => queue}
              />
            )
          }
        </QueryContent>
      </Card>
    </>
  );
}
