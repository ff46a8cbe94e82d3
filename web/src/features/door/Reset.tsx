import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { redeemReset } from '@/api/session';
import { Form, FormProblem, Submit } from '@/components/form/Form';
import { PasswordField } from '@/components/form/fields';
import { useLinkToken } from '@/lib/token';
import { Door, ForgottenLink } from './Door';

/** Sets a new password by the link that was sent. */
export function Reset(): ReactNode {
  const token = useLinkToken();
  const client = useQueryClient();
  const navigate = useNavigate();
  if (!token) {
    return (
      <Door
        title="This link is not whole"
        lead="Open the link of the mail again, or ask for a new one."
      >
        <ForgottenLink />
      </Door>
    );
  }
  return (
    <Door title="New password" lead="Every browser that is logged in as you is logged out.">
      <Form
        label="New password"
        onSubmit={async (values) => {
          await redeemReset(token, values.raw('password'));
          client.clear();
          await navigate({ to: '/login', search: { done: 'reset' }, replace: true });
        }}
      >
        <PasswordField fresh label="New password" />
        <FormProblem />
        <Submit className="h-10">Set the password</Submit>
      </Form>
      <ForgottenLink />
    </Door>
  );
}
