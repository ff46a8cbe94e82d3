import { useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useState, type FormEvent, type ReactNode } from 'react';
import { asProblem } from '@/api/client';
import { logIn } from '@/api/session';
import { Button } from '@/components/Button';
import { Icon, Mark } from '@/components/Icon';

/** E-mail and password; afterwards the person is where they wanted to be. */
export function Login(): ReactNode {
  const router = useRouter();
  const client = useQueryClient();
  const { to } = useSearch({ from: '/login' });
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const field = (name: string): string => {
      const value = form.get(name);
      return typeof value === 'string' ? value : '';
    };
    setBusy(true);
    setFailure(null);
    try {
      await logIn(client, field('email').trim(), field('password'));
      router.history.replace(to ?? '/');
    } catch (error) {
      const problem = asProblem(error);
      setFailure(
        problem.code === 'invalid_credentials'
          ? 'This e-mail address and password do not match.'
          : `${problem.detail ?? problem.title} (${problem.code})`,
      );
    } finally {
      setBusy(false);
    }
  };

  return (
    <main className="flex min-h-dvh items-center justify-center p-4">
      <form
        className="flex w-full max-w-sm flex-col gap-4 rounded-lg border bg-surface p-8"
        onSubmit={(event) => void submit(event)}
      >
        <h1 className="flex items-center gap-2.5 text-lg font-semibold">
          <Mark size={26} /> Log in to Weir
        </h1>
        <Field name="email" label="E-mail" type="email" autoComplete="username" />
        <Field name="password" label="Password" type="password" autoComplete="current-password" />
        {failure && (
          <p role="alert" className="flex items-start gap-2 rounded bg-bad-soft px-3 py-2 text-bad">
            <Icon name="warning" /> {failure}
          </p>
        )}
        <Button type="submit" kind="primary" disabled={busy} className="h-10">
          {busy ? 'Logging in' : 'Log in'}
        </Button>
        <p className="text-xs text-ink-3">
          The first start of the server printed the owner&apos;s address and password.
        </p>
      </form>
    </main>
  );
}

function Field(props: {
  name: string;
  label: string;
  type: string;
  autoComplete: string;
}): ReactNode {
  return (
    <label className="flex flex-col gap-1 text-xs font-medium text-ink-2">
      {props.label}
      <input
        required
        name={props.name}
        type={props.type}
        autoComplete={props.autoComplete}
        className="h-10 rounded-md border border-line-strong bg-surface px-3 text-sm font-normal text-ink"
      />
    </label>
  );
}
