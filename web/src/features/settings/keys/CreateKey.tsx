import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { NewApiKey, Project, Scope } from '@/api/identity';
import { createKey, keysQuery } from '@/api/settings';
import { Dialog } from '@/components/Dialog';
import { CheckField, SelectField, TextField } from '@/components/form/fields';
import { settings } from '@/words';

const words = settings.createKey;

const SCOPES: { id: Scope; label: string; hint: string }[] = [
  { id: 'ingest', label: words.ingest, hint: words.sendsEventsReadsNothing },
  { id: 'read', label: words.read, hint: words.readsFiguresListsExports },
  { id: 'manage', label: words.manage, hint: words.changesSettingsProject },
];

const DAY_MS = 86_400_000;

/** Creates a key. */
export function CreateKey(props: {
  project: Project;
  open: boolean;
  onClose: () => void;
  onMade: (key: NewApiKey) => void;
}): ReactNode {
  const { project } = props;
  const client = useQueryClient();
  return (
    <Dialog
      title={words.newKey}
      lead={words.projectGrantOnlyPermissions(project.name)}
      action={words.createKey}
      open={props.open}
      onClose={props.onClose}
      onSubmit={async (values) => {
        const days = Number(values.text('expiresAt'));
        const made = await createKey(project.id, {
          name: values.text('name'),
          scopes: values.all('scopes') as Scope[],
          environment: values.optional('environment'),
          expiresAt: days > 0 ? new Date(Date.now() + days * DAY_MS).toISOString() : undefined,
        });
        props.onMade(made);
        await client.invalidateQueries(keysQuery(project.id));
      }}
    >
      <TextField name="name" label={words.name} autoComplete="off" hint={words.whatUsesSuchN8n} />
      <fieldset className="flex flex-col gap-1">
        <legend className="mb-1 text-xs font-medium text-ink-2">{words.permissions}</legend>
        {SCOPES.map((scope) => (
          <CheckField
            key={scope.id}
            name="scopes"
            value={scope.id}
            label={scope.label}
            hint={scope.hint}
            defaultChecked={scope.id === 'ingest'}
          />
        ))}
      </fieldset>
      <SelectField
        name="environment"
        label={words.environment}
        hint={words.keyOneEnvironmentCannot}
        options={[
          { value: '', label: words.any },
          ...project.environments.map((name) => ({ value: name, label: name })),
        ]}
      />
      <SelectField
        name="expiresAt"
        label={words.expires}
        defaultValue="365"
        options={[
          { value: '30', label: words.afterDays },
          { value: '90', label: words.afterDays2 },
          { value: '365', label: words.afterYear },
          { value: '', label: words.never },
        ]}
      />
    </Dialog>
  );
}
