import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { invitationsQuery, invite } from '@/api/settings';
import { Button } from '@/components/Button';
import { CopyText } from '@/components/Copy';
import { Dialog, DialogHead } from '@/components/Dialog';
import { EmailField, TextField } from '@/components/form/fields';
import { Modal } from '@/components/Modal';
import { useSession } from '../../session';
import { DateTime } from '../../Time';
import { RoleFields, rolesOf } from './RoleFields';
import { people } from '@/words';

const words = people.invite;

interface Sent {
  email: string;
  link: string;
  expiresAt: string;
}

/** Invites someone, and shows the link once: the server may have no mail server to send it with. */
export function Invite({ open, onClose }: { open: boolean; onClose: () => void }): ReactNode {
  const session = useSession();
  const client = useQueryClient();
  const [sent, setSent] = useState<Sent | null>(null);
  return (
    <>
      <Dialog
        wide
        title={words.invite(session.tenant.name)}
        lead={words.theyReceiveLinkE}
        action={words.invite2}
        open={open}
        onClose={onClose}
        onSubmit={async (values) => {
          const made = await invite({
            email: values.text('email'),
            name: values.optional('name'),
            ...rolesOf(values, session.projects),
          });
          onClose();
          setSent(made);
          await client.invalidateQueries(invitationsQuery);
        }}
      >
        <EmailField autoComplete="off" />
        <TextField name="name" label={words.nameOptional} autoComplete="off" required={false} />
        <RoleFields granted={{ role: 'viewer', projects: [] }} />
      </Dialog>
      <Modal
        label={words.invitation}
        open={sent !== null}
        onClose={() => setSent(null)}
        kept
        className="max-w-xl"
      >
        {sent && (
          <div className="flex flex-col gap-4 p-5">
            <DialogHead
              title={words.beenInvited(sent.email)}
              lead={<>{words.ifServerSendE(<DateTime at={sent.expiresAt} />)}</>}
            />
            <CopyText label={words.link} testId="invitation-link" text={sent.link} />
            <Button kind="primary" className="self-end" onClick={() => setSent(null)}>
              {words.done}
            </Button>
          </div>
        )}
      </Modal>
    </>
  );
}
