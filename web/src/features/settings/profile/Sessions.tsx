import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { Login } from '@/api/identity';
import { logOutEverywhere } from '@/api/session';
import { endLogin, loginsQuery } from '@/api/settings';
import { Button } from '@/components/Button';
import { Card } from '@/components/Card';
import { DataTable, type Column } from '@/components/DataTable';
import { Dialog } from '@/components/Dialog';
import { QueryContent } from '@/components/QueryContent';
import { TableSkeleton } from '@/components/states';
import { NO_VALUE } from '@/lib/format';
import { agentLabel } from '@/lib/userAgent';
import { useLeave } from '../../frame/leave';
import { Tag } from '@/components/Tag';
import { RelativeTime } from '../../Time';
import { people } from '@/words';

const words = people.sessions;

/** The browsers in which the user is logged in. */
export function Sessions(): ReactNode {
  const client = useQueryClient();
  const query = useQuery(loginsQuery);
  const leave = useLeave();
  const [ending, setEnding] = useState<Login | null>(null);
  const [everywhere, setEverywhere] = useState(false);
  const columns: Column<Login>[] = [
    {
      id: 'agent',
      header: words.browser,
      exact: (login) => login.userAgent ?? '',
      cell: (login) => (
        <span className="flex flex-wrap items-center gap-x-2">
          {agentLabel(login.userAgent)}
          {login.current && <Tag tone="accent">{words.browser2}</Tag>}
        </span>
      ),
    },
    { id: 'address', header: words.address, cell: (login) => login.address ?? NO_VALUE },
    {
      id: 'seen',
      header: words.lastSeen,
      tells: true,
      cell: (login) => <RelativeTime at={login.lastSeenAt} />,
    },
    {
      id: 'begun',
      header: words.logged,
      tells: true,
      wideOnly: true,
      cell: (login) => <RelativeTime at={login.createdAt} />,
    },
    {
      id: 'end',
      header: '',
      className: 'text-right',
      cell: (login) =>
        !login.current && (
          <Button small onClick={() => setEnding(login)}>
            {words.end}
          </Button>
        ),
    },
  ];
  return (
    <Card
      title={words.sessions}
      note={words.browsersWhichLogged}
      testId="sessions"
      actions={<Button onClick={() => setEverywhere(true)}>{words.logOutEverywhere}</Button>}
    >
      <QueryContent what={words.sessions} query={query} skeleton={<TableSkeleton rows={2} />}>
        {(data) => (
          <DataTable
            label={words.sessions}
            columns={columns}
            rows={data.sessions}
            rowKey={(login) => login.id}
          />
        )}
      </QueryContent>
      <Dialog
        title={words.endSession}
        lead={ending && words.loggedOutOnce(agentLabel(ending.userAgent))}
        action={words.end}
        open={ending !== null}
        onClose={() => setEnding(null)}
        onSubmit={async () => {
          if (ending) await endLogin(ending.id);
          setEnding(null);
          await client.invalidateQueries(loginsQuery);
        }}
      />
      <Dialog
        title={words.logOutEverywhere}
        lead={words.logsOutEveryBrowser}
        action={words.logOutEverywhere}
        danger
        open={everywhere}
        onClose={() => setEverywhere(false)}
        onSubmit={() => leave(logOutEverywhere)}
      />
    </Card>
  );
}
