import type { ReactNode } from 'react';
import type { ScoredUser } from '@/api/activity';
import { DataTable, InlineBar, type Column } from '@/components/DataTable';
import { compact, exact, exactFigure, figure, fixed } from '@/lib/format';
import { activity as words } from '@/words';
import { RelativeTime } from '../Time';
import { PARTS } from './parts';
import { UserLink } from './UserLink';

const SAID = words.engagement;

const count = (
  id: 'activeDays' | 'sessions' | 'activities' | 'features',
  more: Partial<Column<ScoredUser>> = {},
): Column<ScoredUser> => ({
  id,
  header: SAID.columns[id],
  numeric: true,
  cell: (row) => compact(row[id]),
  exact: (row) => exact(row[id]),
  ...more,
});

const COLUMNS: Column<ScoredUser>[] = [
  {
    id: 'user',
    header: SAID.columns.user,
    className: 'max-w-64',
    cell: (row) => <UserLink id={row.userId} />,
  },
  {
    id: 'score',
    header: SAID.columns.score,
    numeric: true,
    cell: (row) => SAID.scored(fixed(row.score, 1), SAID.levels[row.level]),
    exact: (row) =>
      PARTS.map((part) => SAID.part(SAID.parts[part], fixed(row[part], 2))).join(', '),
  },
  {
    id: 'bar',
    header: '',
    wideOnly: true,
    className: 'w-24',
    cell: (row) => <InlineBar share={row.score / 100} />,
  },
  count('activeDays', { wideOnly: true }),
  count('sessions', { wideOnly: true }),
  count('activities'),
  {
    id: 'activeTime',
    header: SAID.columns.activeTime,
    numeric: true,
    widestOnly: true,
    cell: (row) => figure(row.activeTimeMs, 'milliseconds'),
    exact: (row) => exactFigure(row.activeTimeMs, 'milliseconds'),
  },
  count('features', { widestOnly: true }),
  {
    id: 'last',
    header: SAID.columns.last,
    numeric: true,
    wideOnly: true,
    tells: true,
    cell: (row) => <RelativeTime at={row.lastActive} />,
  },
];

/** Users with their scores and figures, the highest score first: the order in which the server ranks all of them. */
export function UserTable({ users }: { users: ScoredUser[] }): ReactNode {
  return (
    <DataTable
      label={SAID.users}
      columns={COLUMNS}
      rows={users}
      rowKey={(row) => row.userId}
      sort={{ by: 'score', direction: 'desc' }}
      presorted
    />
  );
}
