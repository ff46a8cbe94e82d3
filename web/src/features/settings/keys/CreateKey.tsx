import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { NewApiKey, Project, Scope } from '@/api/identity';
import { createKey, keysQuery } from '@/api/settings';
import { Dialog } from '@/components/Dialog';
import { CheckField, SelectField, TextField } from '@/components/form/fields';

const SCOPES: { id: Scope; label: string; hint: string }[] = [
  { id: 'ingest', label: 'Ingest', hint: 'Sends events. Reads nothing.' },
  { id: 'read', label: 'Read', hint: 'Reads figures, lists and exports.' },
  { id: 'manage', label: 'Manage', hint: 'Changes the settings of the project.' },
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
      title="New key"
      lead={`For project ${project.name}. Grant only the permissions that are needed.`}
      action="Create key"
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
      <TextField
        name="name"
        label="Name"
        autoComplete="off"
        hint="What uses it, such as “n8n production” or “nightly report”."
      />
      <fieldset className="flex flex-col gap-1">
        <legend className="mb-1 text-xs font-medium text-ink-2">Permissions</legend>
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
        label="Environment"
        hint="A key for one environment cannot send to or read from any other."
        options={[
          { value: '', label: 'Any' },
          ...project.environments.map((name) => ({ value: name, label: name })),
        ]}
      />
      <SelectField
        name="expiresAt"
        label="Expires"
        defaultValue="365"
        options={[
          { value: '30', label: 'after 30 days' },
          { value: '90', label: 'after 90 days' },
          { value: '365', label: 'after a year' },
          { value: '', label: 'never' },
        ]}
      />
    </Dialog>
  );
}
