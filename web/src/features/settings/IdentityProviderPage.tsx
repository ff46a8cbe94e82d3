import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { IdentityProvider, Role } from '@/api/identity';
import { providerQuery, removeProvider, saveProvider } from '@/api/settings';
import { Button } from '@/components/Button';
import { Card } from '@/components/Card';
import { CopyText } from '@/components/Copy';
import { Dialog } from '@/components/Dialog';
import { Form, FormProblem, Submit } from '@/components/form/Form';
import { SelectField, TextField } from '@/components/form/fields';
import { Notice } from '@/components/Notice';
import { QueryContent } from '@/components/QueryContent';
import { TableSkeleton } from '@/components/states';
import { ROLES } from '@/lib/permissions';
import { parseList } from '@/lib/list';

/** The identity provider with which members of the organisation can log in. */
export function IdentityProviderPage(): ReactNode {
  const query = useQuery(providerQuery);
  const [saved, setSaved] = useState(false);
  return (
    <>
      <Card title="Register Weir with your provider">
        <div className="flex flex-col gap-2 px-4 pb-4">
          <p className="text-ink-2">
            Register a client (“web application”) that uses the authorization code flow and this
            redirect URI:
          </p>
          <CopyText label="Redirect URI" text={`${window.location.origin}/api/v1/oidc/callback`} />
        </div>
      </Card>
      <Card title="Provider" testId="provider">
        <QueryContent what="The provider" query={query} skeleton={<TableSkeleton rows={6} />}>
          {(provider) => (
            // Saving resets the form, so its confirmation is kept outside of it.
            <ProviderForm
              key={JSON.stringify(provider)}
              provider={provider}
              saved={saved}
              onSaved={setSaved}
            />
          )}
        </QueryContent>
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
            domains: parseList(values.text('domains')),
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
          hint="Weir reads the discovery document from this address."
        />
        <TextField
          name="clientId"
          label="Client ID"
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
          placeholder={provider ? 'Unchanged' : undefined}
          hint="Stored encrypted and never shown again. A public client has none."
        />
        <TextField
          name="domains"
          label="Domains"
          required={false}
          defaultValue={provider?.domains.join(', ')}
          autoComplete="off"
          placeholder="example.com, example.org"
          hint="Users with an e-mail address in these domains log in with this provider. You can enter only the domain of your own address."
        />
        <SelectField
          name="joinAs"
          label="New users"
          defaultValue={provider?.joinAs ?? ''}
          options={[
            { value: '', label: 'need an invitation' },
            ...ROLES.filter((role) => role.id !== 'owner').map((role) => ({
              value: role.id,
              label: `join as ${role.label.toLowerCase()}`,
            })),
          ]}
        />
        <FormProblem />
        {provider?.secretLost && (
          <Notice tone="bad">
            The client secret was lost with the server’s master key. No one can log in with this
            provider until the secret is set again.
          </Notice>
        )}
        {saved && <Notice tone="good">Provider saved. Try it in a private window.</Notice>}
        <div className="flex gap-2">
          <Submit>Save</Submit>
          {provider && <Button onClick={() => setRemoving(true)}>Remove</Button>}
        </div>
      </Form>
      <Dialog
        title="Remove identity provider"
        lead="No one can log in with it any more. Members keep their accounts, and can set a password with “Forgot your password?” on the login page."
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
