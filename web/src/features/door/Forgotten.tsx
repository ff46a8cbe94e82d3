import { useState, type ReactNode } from 'react';
import { requestReset } from '@/api/session';
import { Form, FormProblem, Submit } from '@/components/form/Form';
import { EmailField } from '@/components/form/fields';
import { Notice } from '@/components/Notice';
import { Door, LoginLink } from './Door';

/** Asks for a link to a new password. */
export function Forgotten(): ReactNode {
  const [sent, setSent] = useState<string | null>(null);
  if (sent) {
    return (
      <Door title="Look into your mail">
        <Notice tone="good">
          If {sent} is known here, a link to a new password is on its way to it.
        </Notice>
        <p className="text-xs text-ink-3">
          Nothing came? Look into the spam folder, or ask whoever runs this server: where no mail is
          set up, the link is in its log.
        </p>
        <LoginLink>Back to the login</LoginLink>
      </Door>
    );
  }
  return (
    <Door title="New password" lead="A link to set a new password is sent to your address.">
      <Form
        label="New password"
        onSubmit={async (values) => {
          const email = values.text('email');
          await requestReset(email);
          setSent(email);
        }}
      >
        <EmailField />
        <FormProblem />
        <Submit className="h-10">Send the link</Submit>
      </Form>
      <LoginLink>Back to the login</LoginLink>
    </Door>
  );
}
