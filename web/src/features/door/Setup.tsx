import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { asksForCode, enter, setUp, setupQuery } from '@/api/session';
import { Form, FormProblem, Submit } from '@/components/form/Form';
import { CodeField, EmailField, PasswordField, TextField } from '@/components/form/fields';
import { Skeleton } from '@/components/states';
import { useLinkToken } from '@/lib/token';
import { Door, LoginLink } from './Door';

/** The first thing anybody does with a new server or a new organisation: become its owner. */
export function Setup(): ReactNode {
  const token = useLinkToken();
  return token ? <SetupForm token={token} /> : <NoLink />;
}

function SetupForm({ token }: { token: string }): ReactNode {
  const client = useQueryClient();
  const navigate = useNavigate();
  // Who has an account on this server already shows that it is them.
  const [withCode, setWithCode] = useState(false);
  return (
    <Door
      title="Set up Weir"
      lead="You become the owner. Everybody else is invited from the settings."
    >
      <Form
        label="Set up"
        refusals={{
          invalid_credentials: {
            field: 'password',
            words: 'This address has an account here, and this is not its password.',
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
            enter(client, session);
            await navigate({ to: '/', replace: true });
          } catch (error) {
            if (withCode || !asksForCode(error)) throw error;
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
    </Door>
  );
}

function NoLink(): ReactNode {
  const { data, isPending } = useQuery(setupQuery);
  if (isPending) {
    return (
      <Door title="Set up Weir">
        <Skeleton className="h-10 w-full" />
      </Door>
    );
  }
  return data?.needed ? (
    <Door
      title="Set up Weir"
      lead="Open the set-up link that the server printed when it started. It works once, for 24 hours; a restart prints a new one."
    >
      <LoginLink>To the login</LoginLink>
    </Door>
  ) : (
    <Door title="Weir is set up" lead="This server has its owner already.">
      <LoginLink />
    </Door>
  );
}
