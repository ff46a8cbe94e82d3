import type { ReactNode } from 'react';
import type { ServerReport } from '@/api/server';
import { Card } from '@/components/Card';
import { DataTable, InlineBar, type Column } from '@/components/DataTable';
import { Name } from '@/components/Name';
import { EmptyNote } from '@/components/states';
import { exact, exactFigure, figure, NO_VALUE } from '@/lib/format';
import { server as words } from '@/words';
import { organisationRows, type OrganisationRow } from './said';

const SAID = words.organisations;

const count = (
  id: 'projects' | 'people' | 'activePeople',
  header: string,
): Column<OrganisationRow> => ({
  id,
  header,
  numeric: true,
  wideOnly: id !== 'activePeople',
  cell: ({ [id]: value }) => (value === undefined ? NO_VALUE : exact(value)),
});

const COLUMNS: Column<OrganisationRow>[] = [
  {
    id: 'name',
    header: SAID.name,
    className: 'max-w-64 max-md:max-w-32',
    tells: true,
    cell: ({ name, count: others }) =>
      name === null ? (
        <span className="text-ink-2">{SAID.others(others)}</span>
      ) : (
        <Name cut of={name} />
      ),
  },
  {
    id: 'events',
    header: SAID.events,
    numeric: true,
    cell: ({ events }) => figure(events, 'count'),
    exact: ({ events }) => exactFigure(events, 'count'),
  },
  {
    id: 'share',
    header: SAID.share,
    numeric: true,
    cell: ({ share }) => figure(share, 'percent'),
    exact: ({ share }) => exactFigure(share, 'percent'),
  },
  {
    id: 'bar',
    header: '',
    wideOnly: true,
    className: 'w-[16%]',
    cell: ({ share }) => <InlineBar share={(share ?? 0) / 100} />,
  },
  count('projects', SAID.projects),
  count('people', SAID.members),
  count('activePeople', SAID.active),
];

/** The organisations with the most events, and how much they use the server. */
export function Organisations({ report }: { report: ServerReport }): ReactNode {
  const rows = organisationRows(report);
  return (
    <Card title={SAID.title} testId="server-organisations">
      <p className="px-4 pb-2 text-xs text-ink-3">{SAID.note}</p>
      {rows.length === 0 ? (
        <EmptyNote>{SAID.none}</EmptyNote>
      ) : (
        <DataTable
          label={SAID.title}
          columns={COLUMNS}
          rows={rows}
          presorted
          rowKey={({ id }) => id}
        />
      )}
    </Card>
  );
}
