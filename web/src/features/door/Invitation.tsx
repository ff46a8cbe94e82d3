import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { ApiError } from '@/api/client';
import type { InvitationShown } from '@/api/identity';
import { acceptInvitation, asksForCode, enter, invitationQuery } from '@/api/session';
import { Form, FormProblem, Submit } from '@/components/form/Form';
import { CodeField, PasswordField, TextField } from '@/components/form/fields';
import { ErrorState, Skeleton } from '@/components/states';
import { useLinkToken } from '@/lib/token';
import { Door, ForgottenLink, LoginLink } from './Door';

/** Where the link of an invitation leads: who is known shows who they are, who is new chooses a password. */
export function Invitation(): ReactNode {
  const token = useLinkToken();
  const query = useQuery({ ...invitationQuery(token), enabled: token !== '' });
  if (!token) return <Useless />;
  if (query.isPending) {
    return (
      <Door title="Invitation">
        <Skeleton className="h-4 w-3/4" />
        <Skeleton className="h-10 w-full" />
      </Door>
    );
  }
  if (query.isError) {
    const gone =
      query.error instanceof ApiError && [400, 404, 410].includes(query.error.problem.status);
    if (gone) return <Useless />;
    return (
      <Door title="Invitation">
        <ErrorState
          what="The invitation"
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      </Door>
    );
  }
  return <Accept token={token} shown={query.data} />;
}

function Useless(): ReactNode {
  return (
    <Door
      title="This invitation does not work"
      lead="It was used already, withdrawn, has expired, or the link is not whole. Ask for a new one."
    >
      <LoginLink />
    </Door>
  );
}

function Accept({ token, shown }: { token: string; shown: InvitationShown }): ReactNode {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [withCode, setWithCode] = useState(false);
  return (
    <Door
      title={`Join ${shown.tenant.name}`}
      lead={
        <>
          {shown.invitedBy} invites {shown.email}.{' '}
          {shown.knownPerson
            ? 'You have an account here already: its password shows that it is you.'
            : 'Choose a name and a password.'}
        </>
      }
    >
      <Form
        label="Join"
        refusals={{
          invalid_credentials: { field: 'password', words: 'This is not the password.' },
        }}
        onSubmit={async (values) => {
          try {
            const session = await acceptInvitation({
              token,
              password: values.raw('password'),
              name: values.optional('name'),
              code: values.optional('code')?.replaceAll(' ', ''),
            });
            enter(client, session);
            await navigate({ to: '/', replace: true });
          } catch (error) {
            if (withCode || !asksForCode(error)) throw error;
            setWithCode(true);
          }
        }}
      >
        {/* Password managers store the password under this address. */}
        <input type="hidden" name="username" autoComplete="username" value={shown.email} readOnly />
        {!shown.knownPerson && (
          <TextField
            name="name"
            label="Your name"
            autoComplete="name"
            defaultValue={shown.name ?? ''}
          />
        )}
        <PasswordField fresh={!shown.knownPerson} />
        {withCode && <CodeField />}
        <FormProblem />
        <Submit className="h-10">Join</Submit>
      </Form>
      {shown.knownPerson && <ForgottenLink />}
    </Door>
  );
}
