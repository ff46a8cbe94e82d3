import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { Invitation } from '@/api/identity';
import { invitationsQuery, withdrawInvitation } from '@/api/settings';
import { Button } from '@/components/Button';
import { Card } from '@/components/Card';
import { DataTable, type Column } from '@/components/DataTable';
import { Dialog } from '@/components/Dialog';
import { QueryContent } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import { DateTime } from '../../Time';
import { RoleTags } from './RoleTags';
import { Name } from '@/components/Name';
import { people } from '@/words';

const words = people.invitations;

/** The invitations that have not been accepted yet. */
export function Invitations(): ReactNode {
  const client = useQueryClient();
  const query = useQuery(invitationsQuery);
  const [withdrawing, setWithdrawing] = useState<Invitation | null>(null);
  const columns: Column<Invitation>[] = [
    {
      id: 'email',
      header: words.eMail,
      className: 'py-1.5 wrap-anywhere',
      cell: (invitation) => <Name of={invitation.email} />,
    },
    {
      id: 'roles',
      header: words.roles,
      className: 'py-1.5',
      cell: (invitation) => <RoleTags role={invitation.role} projects={invitation.projects} />,
    },
    {
      id: 'expires',
      header: words.expires,
      wideOnly: true,
      cell: (invitation) => <DateTime at={invitation.expiresAt} />,
    },
    {
      id: 'act',
      header: '',
      className: 'text-right',
      cell: (invitation) => (
        <Button small onClick={() => setWithdrawing(invitation)}>
          {words.withdraw}
        </Button>
      ),
    },
  ];
  return (
    <Card title={words.openInvitations} testId="invitations">
      <QueryContent what={words.invitations} query={query} skeleton={<TableSkeleton rows={1} />}>
        {(data) =>
          data.invitations.length === 0 ? (
            <EmptyNote>{words.noOpenInvitations}</EmptyNote>
          ) : (
            <DataTable
              label={words.openInvitations}
              columns={columns}
              rows={data.invitations}
              rowKey={(invitation) => invitation.id}
            />
          )
        }
      </QueryContent>
      <Dialog
        title={words.withdrawInvitation}
        lead={words.linkSentStopsWorking(withdrawing?.email ?? '')}
        action={words.withdraw}
        danger
        open={withdrawing !== null}
        onClose={() => setWithdrawing(null)}
        onSubmit={async () => {
          if (withdrawing) await withdrawInvitation(withdrawing.id);
          setWithdrawing(null);
          await client.invalidateQueries(invitationsQuery);
        }}
      />
    </Card>
  );
}
