import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { needsCode, startSession, setUp, setupQuery } from '@/api/session';
import { Form, FormProblem, Submit } from '@/components/form/Form';
import { CodeField, EmailField, PasswordField, TextField } from '@/components/form/fields';
import { Skeleton } from '@/components/states';
import { useLinkToken } from '@/lib/token';
import { AuthPage, LoginLink } from './AuthPage';
import { auth } from '@/words';

const words = auth.setup;

/** The first step on a new server or in a new organisation: becoming its owner. */
export function Setup(): ReactNode {
  const token = useLinkToken();
  return token ? <SetupForm token={token} /> : <NoLink />;
}

function SetupForm({ token }: { token: string }): ReactNode {
  const client = useQueryClient();
  const navigate = useNavigate();
  // Someone who already has an account on this server logs in to it, with their second factor if they have one.
  const [withCode, setWithCode] = useState(false);
  return (
    <AuthPage title={words.setUpWeir} lead={words.becomeOwnerInviteOthers}>
      <Form
        label={words.setUp}
        refusals={{
          invalid_credentials: {
            field: 'password',
            message: words.addressAlreadyAccountNot,
          },
        }}
        onSubmit={async (values) => {
          try {
            const session = await setUp({
              token,
              email: values.text('email'),
              name: values.text('name'),
              password: values.raw('password'),
              code: values.optional('code')?.replaceAll(' ', ''),
              tenantName: values.optional('tenantName'),
              projectName: values.optional('projectName'),
            });
            startSession(client, session);
            await navigate({ to: '/', replace: true });
          } catch (error) {
            if (withCode || !needsCode(error)) throw error;
            setWithCode(true);
          }
        }}
      >
        <TextField name="name" label={words.name} autoComplete="name" />
        <EmailField />
        <PasswordField fresh />
        {withCode && <CodeField />}
        <TextField
          name="tenantName"
          label={words.organisation}
          autoComplete="organization"
          required={false}
          placeholder={words.defaultWord}
        />
        <TextField
          name="projectName"
          label={words.firstProject}
          autoComplete="off"
          required={false}
          placeholder={words.defaultWord}
        />
        <FormProblem />
        <Submit className="h-10">{words.setUp}</Submit>
      </Form>
    </AuthPage>
  );
}

function NoLink(): ReactNode {
  const { data, isPending } = useQuery(setupQuery);
  if (isPending) {
    return (
      <AuthPage title={words.setUpWeir}>
        <Skeleton className="h-10 w-full" />
      </AuthPage>
    );
  }
  return data?.needed ? (
    <AuthPage title={words.setUpWeir} lead={words.openSetupLinkServer}>
      <LoginLink />
    </AuthPage>
  ) : (
    <AuthPage title={words.weirSetUp} lead={words.serverAlreadyOwner}>
      <LoginLink />
    </AuthPage>
  );
}
