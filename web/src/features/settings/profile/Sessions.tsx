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
      header: 'Browser',
      exact: (login) => login.userAgent ?? '',
      cell: (login) => (
        <span className="flex flex-wrap items-center gap-x-2">
          {agentLabel(login.userAgent)}
          {login.current && <Tag tone="accent">this browser</Tag>}
        </span>
      ),
    },
    { id: 'address', header: 'Address', cell: (login) => login.address ?? NO_VALUE },
    {
      id: 'seen',
      header: 'Last seen',
      tells: true,
      cell: (login) => <RelativeTime at={login.lastSeenAt} />,
    },
    {
      id: 'begun',
      header: 'Logged in',
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
            End
          </Button>
        ),
    },
  ];
  return (
    <Card
      title="Sessions"
      note="browsers in which you are logged in"
      testId="sessions"
      actions={<Button onClick={() => setEverywhere(true)}>Log out everywhere</Button>}
    >
      <QueryContent what="Sessions" query={query} skeleton={<TableSkeleton rows={2} />}>
        {(data) => (
          <DataTable
            label="Sessions"
            columns={columns}
            rows={data.sessions}
            rowKey={(login) => login.id}
          />
        )}
      </QueryContent>
      <Dialog
        title="End session"
        lead={ending && `${agentLabel(ending.userAgent)} is logged out at once.`}
        action="End"
        open={ending !== null}
        onClose={() => setEnding(null)}
        onSubmit={async () => {
          if (ending) await endLogin(ending.id);
          setEnding(null);
          await client.invalidateQueries(loginsQuery);
        }}
      />
      <Dialog
        title="Log out everywhere"
        lead="This logs you out of every browser at once, including this one."
        action="Log out everywhere"
        danger
        open={everywhere}
        onClose={() => setEverywhere(false)}
        onSubmit={() => leave(logOutEverywhere)}
      />
    </Card>
  );
}
