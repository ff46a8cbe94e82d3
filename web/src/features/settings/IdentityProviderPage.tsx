import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { IdentityProvider, Role } from '@/api/identity';
import { providerQuery, removeProvider, saveProvider } from '@/api/settings';
import { Button } from '@/components/Button';
import { Answer, Card } from '@/components/Card';
import { CopyText } from '@/components/Copy';
import { Dialog } from '@/components/Dialog';
import { Form, FormProblem, Submit } from '@/components/form/Form';
import { SelectField, TextField } from '@/components/form/fields';
import { Notice } from '@/components/Notice';
import { TableSkeleton } from '@/components/states';
import { ROLES } from '@/lib/permissions';
import { words } from '@/lib/words';

/** The identity provider by which the organisation's people may log in. */
export function IdentityProviderPage(): ReactNode {
  const query = useQuery(providerQuery);
  const [saved, setSaved] = useState(false);
  return (
    <>
      <Card title="What the provider needs">
        <div className="flex flex-col gap-2 px-4 pb-4">
          <p className="text-ink-2">
            Register a client (a “web application”) with the authorization code flow and this
            redirect address:
          </p>
          <CopyText
            label="Redirect address"
            text={`${window.location.origin}/api/v1/oidc/callback`}
          />
        </div>
      </Card>
      <Card title="Provider" testId="provider">
        <Answer what="The provider" query={query} skeleton={<TableSkeleton rows={6} />}>
          {(provider) => (
            // What was saved begins the form anew, so that it is told outside of it.
            <ProviderForm
              key={JSON.stringify(provider)}
              provider={provider}
              saved={saved}
              onSaved={setSaved}
            />
          )}
        </Answer>
      </Card>
    </>
  );
}

function ProviderForm(props: {
  provider: IdentityProvider | null;
  saved: boolean;
  onSaved: (saved: boolean) => void;
}): ReactNode {
  const { provider, saved, onSaved } = props;
  const client = useQueryClient();
  const [removing, setRemoving] = useState(false);
  return (
    <>
      <Form
        label="Identity provider"
        className="max-w-xl px-4 pb-4"
        onSubmit={async (values) => {
          onSaved(false);
          await saveProvider({
            name: values.text('name'),
            issuer: values.text('issuer'),
            clientId: values.text('clientId'),
            clientSecret: values.optional('clientSecret'),
            domains: words(values.text('domains')),
            joinAs: (values.optional('joinAs') as Role | undefined) ?? null,
          });
          onSaved(true);
          await client.invalidateQueries(providerQuery);
        }}
      >
        <TextField name="name" label="Name" defaultValue={provider?.name} autoComplete="off" />
        <TextField
          name="issuer"
          label="Issuer"
          type="url"
          mono
          placeholder="https://login.example.com/"
          defaultValue={provider?.issuer}
          hint="Its discovery document is read from here."
        />
        <TextField
          name="clientId"
          label="Client id"
          mono
          defaultValue={provider?.clientId}
          autoComplete="off"
        />
        <TextField
          name="clientSecret"
          label="Client secret"
          type="password"
          mono
          required={false}
          autoComplete="off"
          placeholder={provider ? 'unchanged' : undefined}
          hint="Kept sealed, and never shown again. A public client has none."
        />
        <TextField
          name="domains"
          label="Domains"
          required={false}
          defaultValue={provider?.domains.join(', ')}
          autoComplete="off"
          placeholder="example.com, example.org"
          hint="Addresses of these domains are led to this provider. You can name the domain of your own."
        />
        <SelectField
          name="joinAs"
          label="Who is new"
          defaultValue={provider?.joinAs ?? ''}
          options={[
            { value: '', label: 'needs an invitation' },
            ...ROLES.filter((role) => role.id !== 'owner').map((role) => ({
              value: role.id,
              label: `joins as ${role.label.toLowerCase()}`,
            })),
          ]}
        />
        <FormProblem />
        {provider?.secretLost && (
          <Notice tone="bad">
            The client secret was lost with the server’s master key. Nobody logs in by this provider
            until it is set again.
          </Notice>
        )}
        {saved && <Notice tone="good">The provider is saved. Try it in a private window.</Notice>}
        <div className="flex gap-2">
          <Submit>Save</Submit>
          {provider && <Button onClick={() => setRemoving(true)}>Remove</Button>}
        </div>
      </Form>
      <Dialog
        title="Remove the identity provider"
        lead="Nobody logs in by it any more. People keep their accounts, and set a password by “Forgotten password”."
        action="Remove"
        danger
        open={removing}
        onClose={() => setRemoving(false)}
        onSubmit={async () => {
          await removeProvider();
          onSaved(false);
          setRemoving(false);
          await client.invalidateQueries(providerQuery);
        }}
      />
    </>
  );
}
