import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { Invitation } from '@/api/identity';
import { invitationsQuery, withdrawInvitation } from '@/api/settings';
import { Button } from '@/components/Button';
import { Answer, Card } from '@/components/Card';
import { DataTable, type Column } from '@/components/DataTable';
import { Dialog } from '@/components/Dialog';
import { TableSkeleton } from '@/components/states';
import { On } from '../../When';
import { RoleTags } from './RoleTags';

/** Who was asked to join and has not answered; nothing where there is nobody. */
export function Invitations(): ReactNode {
  const client = useQueryClient();
  const query = useQuery(invitationsQuery);
  const [withdrawing, setWithdrawing] = useState<Invitation | null>(null);
  if (query.data?.invitations.length === 0) return null;
  const columns: Column<Invitation>[] = [
    {
      id: 'email',
      header: 'Address',
      className: 'py-1.5 wrap-anywhere',
      cell: (invitation) => invitation.email,
    },
    {
      id: 'roles',
      header: 'Roles',
      className: 'py-1.5',
      cell: (invitation) => <RoleTags role={invitation.role} projects={invitation.projects} />,
    },
    {
      id: 'expires',
      header: 'Open until',
      wideOnly: true,
      cell: (invitation) => <On at={invitation.expiresAt} />,
    },
    {
      id: 'act',
      header: '',
      className: 'text-right',
      cell: (invitation) => (
        <Button small onClick={() => setWithdrawing(invitation)}>
          Withdraw
        </Button>
      ),
    },
  ];
  return (
    <Card title="Open invitations" testId="invitations">
      <Answer what="Invitations" query={query} skeleton={<TableSkeleton rows={1} />}>
        {(data) => (
          <DataTable
            label="Open invitations"
            columns={columns}
            rows={data.invitations}
            rowKey={(invitation) => invitation.id}
          />
        )}
      </Answer>
      <Dialog
        title="Withdraw the invitation"
        lead={`The link that ${withdrawing?.email ?? ''} got stops working.`}
        action="Withdraw"
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
