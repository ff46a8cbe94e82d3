import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import {
  needsCode,
  startSession,
  logIn,
  loginOptions,
  providerPath,
  setupQuery,
} from '@/api/session';
import { Button } from '@/components/Button';
import { Form, FormProblem, Submit } from '@/components/form/Form';
import { CodeField, EmailField, PasswordField } from '@/components/form/fields';
import { Notice } from '@/components/Notice';
import { AuthPage, ForgotPasswordLink } from './AuthPage';
import { auth } from '@/words';

const words = auth.login;

/** The e-mail address and password that were accepted, until the second factor is. Kept in memory only. */
interface FirstFactor {
  email: string;
  password: string;
}

/** The login page: password, then the second factor if the user has one; or the organisation's identity provider. */
export function Login(): ReactNode {
  const search = useSearch({ from: '/login' });
  const router = useRouter();
  const client = useQueryClient();
  const [first, setFirst] = useState<FirstFactor | null>(null);
  const [single, setSingle] = useState(false);

  const attempt = async (given: FirstFactor, code?: string): Promise<void> => {
    startSession(client, await logIn(given.email, given.password, code));
    router.history.replace(search.to ?? '/');
  };
  if (first)
    return <SecondFactor onCode={(code) => attempt(first, code)} onBack={() => setFirst(null)} />;
  if (single) return <SingleSignOn onBack={() => setSingle(false)} />;
  return (
    <AuthPage title={words.logWeir} foot={<NotSetUp />}>
      {search.done === 'reset' && <Notice tone="good">{words.newPasswordSetLog}</Notice>}
      {search.failed && <Notice tone="bad">{singleSignOnFailure(search.failed)}</Notice>}
      <Form
        label={words.log}
        refusals={{
          invalid_credentials: { message: words.eMailAddressPassword },
        }}
        onSubmit={async (values) => {
          const given = { email: values.text('email'), password: values.raw('password') };
          try {
            await attempt(given);
          } catch (error) {
            if (!needsCode(error)) throw error;
            setFirst(given);
          }
        }}
      >
        <EmailField />
        <PasswordField />
        <FormProblem />
        <Submit className="h-10">{words.log}</Submit>
      </Form>
      <div className="flex flex-col items-center gap-3 border-t pt-4">
        <Button className="h-10 w-full" onClick={() => setSingle(true)}>
          {words.logSingleSign}
        </Button>
        <ForgotPasswordLink />
      </div>
    </AuthPage>
  );
}

/** Why single sign-on failed, by error code. */
const singleSignOnFailure = (code: string): string =>
  words.failures[code] ?? words.otherFailure(code);

function SecondFactor(props: {
  onCode: (code: string) => Promise<void>;
  onBack: () => void;
}): ReactNode {
  return (
    <AuthPage title={words.secondFactor} lead={words.passwordCorrectNowEnter}>
      <Form
        label={words.secondFactor}
        onSubmit={(values) => props.onCode(values.text('code').replaceAll(' ', ''))}
      >
        <CodeField />
        <FormProblem />
        <Submit className="h-10">{words.log}</Submit>
      </Form>
      <Button kind="quiet" onClick={props.onBack}>
        {words.backPassword}
      </Button>
    </AuthPage>
  );
}

function SingleSignOn({ onBack }: { onBack: () => void }): ReactNode {
  const [none, setNone] = useState<string | null>(null);
  return (
    <AuthPage title={words.singleSign} lead={words.eMailAddressDetermines}>
      <Form
        label={words.singleSign}
        onSubmit={async (values) => {
          const email = values.text('email');
          setNone(null);
          const { provider } = await loginOptions(email);
          if (provider) window.location.assign(providerPath(provider.id));
          else setNone(email);
        }}
      >
        <EmailField />
        {none && <Notice tone="plain">{words.singleSignNotSet(none)}</Notice>}
        <FormProblem />
        <Submit className="h-10">{words.continue}</Submit>
      </Form>
      <Button kind="quiet" onClick={onBack}>
        {words.logPassword}
      </Button>
    </AuthPage>
  );
}

/** Says that the server has no owner yet. */
function NotSetUp(): ReactNode {
  const { data } = useQuery({ ...setupQuery, retry: false });
  if (!data?.needed) return null;
  return words.notSetUp;
}
