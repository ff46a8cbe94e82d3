import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { sessionQuery } from '@/api/session';
import { saveName, savePassword } from '@/api/settings';
import { Card } from '@/components/Card';
import { Form, FormProblem, Submit } from '@/components/form/Form';
import { PasswordField, TextField } from '@/components/form/fields';
import { Notice } from '@/components/Notice';
import { useSession } from '../../session';
import { PreferencesCard } from '../../preferences/PreferencesCard';
import { SecondFactor } from './SecondFactor';
import { Sessions } from './Sessions';
import { people } from '@/words';

const words = people.profile;

/** What users can change about their own account. */
export function Profile(): ReactNode {
  return (
    <>
      <Name />
      <PreferencesCard />
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
    <Card title={words.name} note={user.email}>
      <Form
        label={words.name}
        className="max-w-md px-4 pb-4"
        onSubmit={async (values) => {
          setSaved(false);
          await saveName(values.text('name'));
          await client.invalidateQueries(sessionQuery);
          setSaved(true);
        }}
      >
        <TextField name="name" label={words.name2} autoComplete="name" defaultValue={user.name} />
        <FormProblem />
        {saved && <Notice tone="good">{words.nameSaved}</Notice>}
        <Submit className="self-start">{words.save}</Submit>
      </Form>
    </Card>
  );
}

function Password(): ReactNode {
  // A new key clears the fields.
  const [times, setTimes] = useState(0);
  return (
    <Card title={words.password} note={words.changingEndsOtherSessions}>
      <Form
        key={times}
        label={words.password}
        className="max-w-md px-4 pb-4"
        refusals={{
          invalid_credentials: { field: 'current', message: words.notPassword },
        }}
        onSubmit={async (values) => {
          await savePassword(values.raw('current'), values.raw('new'));
          setTimes(times + 1);
        }}
      >
        <PasswordField name="current" label={words.currentPassword} />
        <PasswordField name="new" label={words.newPassword} fresh />
        <FormProblem />
        {times > 0 && <Notice tone="good">{words.passwordChanged}</Notice>}
        <Submit className="self-start">{words.changePassword}</Submit>
      </Form>
    </Card>
  );
}
