import type { ReactNode } from 'react';
import { readTrail, type TrailEntry } from '@/api/activity';
import { Card } from '@/components/Card';
import { DataTable, type Column } from '@/components/DataTable';
import { Name } from '@/components/Name';
import { QueryContent } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import { exactFigure, figure, NO_VALUE } from '@/lib/format';
import { activity as words } from '@/words';
import { RelativeTime } from '../Time';
import type { View } from '../view';
import { More } from './More';
import { usePages } from './usePages';

const SAID = words.trail;

const text = (value: string | null | undefined): ReactNode =>
  value ? <Name of={value} /> : <span className="text-ink-3">{NO_VALUE}</span>;

const COLUMNS: Column<TrailEntry>[] = [
  {
    id: 'time',
    header: SAID.time,
    tells: true,
    cell: (row) => <RelativeTime at={row.timestamp} timed />,
  },
  {
    id: 'action',
    header: SAID.action,
    className: 'whitespace-nowrap max-md:whitespace-normal',
    cell: (row) => text(row.action),
  },
  {
    id: 'resource',
    header: SAID.resource,
    cell: (row) => text([row.resource, row.resourceId].filter(Boolean).join(' ')),
  },
  {
    id: 'session',
    header: SAID.session,
    widestOnly: true,
    className: 'max-w-32',
    tells: true,
    cell: (row) => (row.sessionId ? <Name cut of={row.sessionId} /> : text(null)),
  },
  {
    id: 'duration',
    header: SAID.duration,
    numeric: true,
    wideOnly: true,
    cell: (row) => figure(row.duration, 'milliseconds'),
    exact: (row) => exactFigure(row.duration, 'milliseconds'),
  },
];

/** What a user did in the range, newest first. */
export function Trail({ view, user }: { view: View; user: string }): ReactNode {
  const frame = {
    environment: view.env,
    timezone: view.zone,
    workflowId: view.workflows[0],
    userId: user,
  };
  const pages = usePages({
    view,
    question: ['trail', frame],
    ask: (bounds, cursor, signal) =>
      readTrail(view.project.id, { ...frame, ...bounds }, cursor, signal),
  });
  return (
    <Card title={SAID.title} note={SAID.newest} testId="trail">
      <QueryContent what={SAID.title} query={pages} skeleton={<TableSkeleton rows={10} />}>
        {(read) => {
          const entries = read.flatMap((page) => page.entries);
          if (entries.length === 0) return <EmptyNote>{SAID.nothing}</EmptyNote>;
          return (
            <>
              <DataTable
                label={SAID.title}
                columns={COLUMNS}
                rows={entries}
                rowKey={(row) => row.id}
                presorted
              />
              <More pages={pages} shown={entries.length} />
            </>
          );
        }}
      </QueryContent>
    </Card>
  );
}
