import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { sessionQuery } from '@/api/session';
import { saveName, savePassword } from '@/api/settings';
import { Card } from '@/components/Card';
import { Form, FormProblem, Submit } from '@/components/form/Form';
import { PasswordField, TextField } from '@/components/form/fields';
import { Notice } from '@/components/Notice';
import { useSession } from '../../session';
import { SecondFactor } from './SecondFactor';
import { Sessions } from './Sessions';

/** What users can change about their own account. */
export function Profile(): ReactNode {
  return (
    <>
      <Name />
      <Password />
      <SecondFactor />
      <Sessions />
    </>
  );
}

function Name(): ReactNode {
  const { user } = useSession();
  const client = useQueryClient();
  const [saved, setSaved] = useState(false);
  return (
    <Card title="Name" note={user.email}>
      <Form
        label="Name"
        className="max-w-md px-4 pb-4"
        onSubmit={async (values) => {
          setSaved(false);
          await saveName(values.text('name'));
          await client.invalidateQueries(sessionQuery);
          setSaved(true);
        }}
      >
        <TextField name="name" label="Your name" autoComplete="name" defaultValue={user.name} />
        <FormProblem />
        {saved && <Notice tone="good">Name saved.</Notice>}
        <Submit className="self-start">Save</Submit>
      </Form>
    </Card>
  );
}

function Password(): ReactNode {
  // A new key clears the fields.
  const [times, setTimes] = useState(0);
  return (
    <Card title="Password" note="changing it ends your other sessions">
      <Form
        key={times}
        label="Password"
        className="max-w-md px-4 pb-4"
        refusals={{
          invalid_credentials: { field: 'current', message: 'This is not your password.' },
        }}
        onSubmit={async (values) => {
          await savePassword(values.raw('current'), values.raw('new'));
          setTimes(times + 1);
        }}
      >
        <PasswordField name="current" label="Current password" />
        <PasswordField name="new" label="New password" fresh />
        <FormProblem />
        {times > 0 && <Notice tone="good">Password changed.</Notice>}
        <Submit className="self-start">Change password</Submit>
      </Form>
    </Card>
  );
}
