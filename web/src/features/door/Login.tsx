import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { asksForCode, enter, logIn, loginOptions, providerPath, setupQuery } from '@/api/session';
import { Button } from '@/components/Button';
import { Form, FormProblem, Submit } from '@/components/form/Form';
import { CodeField, EmailField, PasswordField } from '@/components/form/fields';
import { Notice } from '@/components/Notice';
import { Door, ForgottenLink } from './Door';

/** What was right so far, while the second factor is asked for. Never leaves memory. */
interface FirstFactor {
  email: string;
  password: string;
}

/** The login: password, then the second factor where the person has one; or the organisation's identity provider. */
export function Login(): ReactNode {
  const search = useSearch({ from: '/login' });
  const router = useRouter();
  const client = useQueryClient();
  const [first, setFirst] = useState<FirstFactor | null>(null);
  const [single, setSingle] = useState(false);

  const attempt = async (given: FirstFactor, code?: string): Promise<void> => {
    enter(client, await logIn(given.email, given.password, code));
    router.history.replace(search.to ?? '/');
  };
  if (first)
    return <SecondFactor onCode={(code) => attempt(first, code)} onBack={() => setFirst(null)} />;
  if (single) return <SingleSignOn onBack={() => setSingle(false)} />;
  return (
    <Door title="Log in to Weir" foot={<NotSetUp />}>
      {search.done === 'reset' && (
        <Notice tone="good">The new password is set. Log in with it.</Notice>
      )}
      {search.failed && <Notice tone="bad">{failedWords(search.failed)}</Notice>}
      <Form
        label="Log in"
        refusals={{
          invalid_credentials: { words: 'This e-mail address and password do not match.' },
        }}
        onSubmit={async (values) => {
          const given = { email: values.text('email'), password: values.raw('password') };
          try {
            await attempt(given);
          } catch (error) {
            if (!asksForCode(error)) throw error;
            setFirst(given);
          }
        }}
      >
        <EmailField />
        <PasswordField />
        <FormProblem />
        <Submit className="h-10">Log in</Submit>
      </Form>
      <div className="flex flex-col items-center gap-3 border-t pt-4">
        <Button className="h-10 w-full" onClick={() => setSingle(true)}>
          Log in with single sign-on
        </Button>
        <ForgottenLink />
      </div>
    </Door>
  );
}

/** Why the identity provider's way back did not end in a session. */
function failedWords(code: string): string {
  const words: Record<string, string> = {
    unknown_provider: 'This identity provider is not there any more. Log in with the password.',
    provider_unreachable: 'The identity provider does not answer. Try again later.',
    provider_refused: 'The identity provider refused the login.',
    not_believed: 'What the identity provider answered cannot be believed. Ask whoever set it up.',
    sign_in_expired: 'This took too long, or was begun in another browser. Try again.',
    provider_secret_lost:
      'Single sign-on has to be set up again: an owner sets the secret of the identity provider.',
    unknown_person: 'You are no member of the organisation. Ask for an invitation.',
  };
  return words[code] ?? `Single sign-on did not succeed (${code}). Try again.`;
}

function SecondFactor(props: {
  onCode: (code: string) => Promise<void>;
  onBack: () => void;
}): ReactNode {
  return (
    <Door title="Second factor" lead="The password is right. Now the code.">
      <Form
        label="Second factor"
        onSubmit={(values) => props.onCode(values.text('code').replaceAll(' ', ''))}
      >
        <CodeField />
        <FormProblem />
        <Submit className="h-10">Log in</Submit>
      </Form>
      <Button kind="quiet" onClick={props.onBack}>
        Back to the password
      </Button>
    </Door>
  );
}

function SingleSignOn({ onBack }: { onBack: () => void }): ReactNode {
  const [none, setNone] = useState<string | null>(null);
  return (
    <Door title="Single sign-on" lead="Your address tells which identity provider is yours.">
      <Form
        label="Single sign-on"
        onSubmit={async (values) => {
          const email = values.text('email');
          setNone(null);
          const { provider } = await loginOptions(email);
          if (provider) window.location.assign(providerPath(provider.id));
          else setNone(email);
        }}
      >
        <EmailField />
        {none && (
          <Notice tone="plain">
            There is no single sign-on for {none}. Log in with the password.
          </Notice>
        )}
        <FormProblem />
        <Submit className="h-10">Go on</Submit>
      </Form>
      <Button kind="quiet" onClick={onBack}>
        Log in with a password
      </Button>
    </Door>
  );
}

/** Tells who comes too early that the server has no owner yet. */
function NotSetUp(): ReactNode {
  const { data } = useQuery({ ...setupQuery, retry: false });
  if (!data?.needed) return null;
  return 'This server is not set up yet: open the set-up link that it printed when it started.';
}
