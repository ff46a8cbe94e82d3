import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { needsCode, startSession, setUp, setupQuery } from '@/api/session';
import { Form, FormProblem, Submit } from '@/components/form/Form';
import { CodeField, EmailField, PasswordField, TextField } from '@/components/form/fields';
import { Skeleton } from '@/components/states';
import { useLinkToken } from '@/lib/token';
import { AuthPage, LoginLink } from './AuthPage';

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
    <AuthPage
      title="Set up Weir"
      lead="You become the owner, and can invite others in the settings."
    >
      <Form
        label="Set up"
        refusals={{
          invalid_credentials: {
            field: 'password',
            message: 'This address already has an account, and this is not its password.',
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
        <TextField name="name" label="Your name" autoComplete="name" />
        <EmailField />
        <PasswordField fresh />
        {withCode && <CodeField />}
        <TextField
          name="tenantName"
          label="Organisation"
          autoComplete="organization"
          required={false}
          placeholder="Default"
        />
        <TextField
          name="projectName"
          label="First project"
          autoComplete="off"
          required={false}
          placeholder="Default"
        />
        <FormProblem />
        <Submit className="h-10">Set up</Submit>
      </Form>
    </AuthPage>
  );
}

function NoLink(): ReactNode {
  const { data, isPending } = useQuery(setupQuery);
  if (isPending) {
    return (
      <AuthPage title="Set up Weir">
        <Skeleton className="h-10 w-full" />
      </AuthPage>
    );
  }
  return data?.needed ? (
    <AuthPage
      title="Set up Weir"
      lead="Open the setup link that the server printed when it started. It works once and expires after 24 hours; a restart prints a new one."
    >
      <LoginLink />
    </AuthPage>
  ) : (
    <AuthPage title="Weir is set up" lead="This server already has an owner.">
      <LoginLink />
    </AuthPage>
  );
}
