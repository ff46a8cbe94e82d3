import type { ReactNode } from 'react';
import { readSessions, type UserSession } from '@/api/activity';
import { Card } from '@/components/Card';
import { DataTable, type Column } from '@/components/DataTable';
import { QueryContent } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import { exact, exactFigure, figure } from '@/lib/format';
import { interval } from '@/lib/zone';
import { activity as words } from '@/words';
import type { View } from '../view';
import { onItsDay } from './day';
import { More } from './More';
import { usePages } from './usePages';

const SAID = words.sessionList;
/** The strip of a day, in its own units; a session is at least this wide, so that it can be seen. */
const STRIP = 240;
const LEAST = 3;

/** Where in its day a session was. */
function Strip({ session, zone }: { session: UserSession; zone: string }): ReactNode {
  const { from, to } = onItsDay(Date.parse(session.start), Date.parse(session.end), zone);
  const width = Math.max(LEAST, (to - from) * STRIP);
  return (
    <svg
      viewBox={`0 0 ${STRIP} 10`}
      preserveAspectRatio="none"
      aria-hidden
      className="h-2.5 w-full min-w-24"
    >
      <rect width={STRIP} height="10" rx="2" fill="var(--sunken)" />
      {[1, 2, 3].map((quarter) => (
        <path
          key={quarter}
          d={`M${(quarter * STRIP) / 4} 0V10`}
          stroke="var(--line)"
          vectorEffect="non-scaling-stroke"
        />
      ))}
      <rect
        x={Math.min(from * STRIP, STRIP - width)}
        width={width}
        height="10"
        fill="var(--accent)"
      />
    </svg>
  );
}

const columnsOf = (zone: string): Column<UserSession>[] => [
  {
    id: 'when',
    header: SAID.when,
    className: 'whitespace-nowrap',
    cell: ({ start, end }) => interval(Date.parse(start), Date.parse(end), zone),
  },
  {
    id: 'duration',
    header: SAID.duration,
    numeric: true,
    cell: (row) => figure(row.durationMs, 'milliseconds'),
    exact: (row) => exactFigure(row.durationMs, 'milliseconds'),
  },
  {
    id: 'activities',
    header: SAID.activities,
    numeric: true,
    cell: (row) => exact(row.activities),
  },
  {
    id: 'strip',
    header: SAID.strip,
    wideOnly: true,
    className: 'w-2/5',
    cell: (row) => <Strip session={row} zone={zone} />,
  },
];

/** The sessions of a user in the range, newest first, each with its place in the day. */
export function Sessions({ view, user }: { view: View; user: string }): ReactNode {
  const frame = {
    environment: view.env,
    timezone: view.zone,
    workflowId: view.workflows[0],
  };
  const pages = usePages({
    view,
    question: ['sessions', user, frame],
    ask: (bounds, cursor, signal) =>
      readSessions(view.project.id, user, { ...frame, ...bounds }, cursor, signal),
  });
  return (
    <Card title={SAID.title} note={SAID.note} testId="session-list">
      <QueryContent what={SAID.title} query={pages} skeleton={<TableSkeleton rows={6} />}>
        {(read) => {
          const sessions = read.flatMap((page) => page.sessions);
          if (sessions.length === 0) return <EmptyNote>{SAID.nothing}</EmptyNote>;
          return (
            <>
              <DataTable
                label={SAID.title}
                columns={columnsOf(view.zone)}
                rows={sessions}
                rowKey={(row) => row.start}
                presorted
              />
              <More pages={pages} shown={sessions.length} of={read[0]?.total} />
            </>
          );
        }}
      </QueryContent>
    </Card>
  );
}
