import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { ApiError } from '@/api/client';
import type { InvitationShown } from '@/api/identity';
import { acceptInvitation, needsCode, startSession, invitationQuery } from '@/api/session';
import { Form, FormProblem, Submit } from '@/components/form/Form';
import { CodeField, PasswordField, TextField } from '@/components/form/fields';
import { ErrorState, Skeleton } from '@/components/states';
import { useLinkToken } from '@/lib/token';
import { AuthPage, ForgotPasswordLink, LoginLink } from './AuthPage';
import { Name } from '@/components/Name';
import { isolated } from '@/lib/format';
import { auth } from '@/words';

const words = auth.invitation;

/** The page of an invitation link: existing users enter their password, new users choose one. */
export function Invitation(): ReactNode {
  const token = useLinkToken();
  const query = useQuery({ ...invitationQuery(token), enabled: token !== '' });
  if (!token) return <Invalid />;
  if (query.isPending) {
    return (
      <AuthPage title={words.invitation}>
        <Skeleton className="h-4 w-3/4" />
        <Skeleton className="h-10 w-full" />
      </AuthPage>
    );
  }
  if (query.isError) {
    const gone =
      query.error instanceof ApiError && [400, 404, 410].includes(query.error.problem.status);
    if (gone) return <Invalid />;
    return (
      <AuthPage title={words.invitation}>
        <ErrorState
          what={words.invitation2}
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      </AuthPage>
    );
  }
  return <Accept token={token} shown={query.data} />;
}

function Invalid(): ReactNode {
  return (
    <AuthPage title={words.invitationNotValid} lead={words.beenUsedWithdrawnExpired}>
      <LoginLink />
    </AuthPage>
  );
}

function Accept({ token, shown }: { token: string; shown: InvitationShown }): ReactNode {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [withCode, setWithCode] = useState(false);
  return (
    <AuthPage
      title={words.join(isolated(shown.tenant.name))}
      lead={
        <>
          {words.invited(<Name of={shown.invitedBy} />, <Name of={shown.email} />)}{' '}
          {shown.knownPerson ? words.alreadyAccountServerEnter : words.chooseNamePassword}
        </>
      }
    >
      <Form
        label={words.join2}
        refusals={{
          invalid_credentials: { field: 'password', message: words.notPassword },
        }}
        onSubmit={async (values) => {
          try {
            const session = await acceptInvitation({
              token,
              password: values.raw('password'),
              name: values.optional('name'),
              code: values.optional('code')?.replaceAll(' ', ''),
            });
            startSession(client, session);
            await navigate({ to: '/', replace: true });
          } catch (error) {
            if (withCode || !needsCode(error)) throw error;
            setWithCode(true);
          }
        }}
      >
        {/* Password managers save the password under this address. */}
        <input type="hidden" name="username" autoComplete="username" value={shown.email} readOnly />
        {!shown.knownPerson && (
          <TextField
            name="name"
            label={words.name}
            autoComplete="name"
            defaultValue={shown.name ?? ''}
          />
        )}
        <PasswordField fresh={!shown.knownPerson} />
        {withCode && <CodeField />}
        <FormProblem />
        <Submit className="h-10">{words.join2}</Submit>
      </Form>
      {shown.knownPerson && <ForgotPasswordLink />}
    </AuthPage>
  );
}
