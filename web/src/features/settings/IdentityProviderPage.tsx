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
import { roleName, ROLES } from '@/lib/permissions';
import { parseList } from '@/lib/list';
import { settings } from '@/words';

const words = settings.identityProviderPage;

/** The identity provider with which members of the organisation can log in. */
export function IdentityProviderPage(): ReactNode {
  const query = useQuery(providerQuery);
  const [saved, setSaved] = useState(false);
  return (
    <>
      <Card title={words.registerWeirProvider}>
        <div className="flex flex-col gap-2 px-4 pb-4">
          <p className="text-ink-2">{words.registerClientWebApplication}</p>
          <CopyText
            label={words.redirectUri}
            text={words.apiV1OidcCallback(window.location.origin)}
          />
        </div>
      </Card>
      <Card title={words.provider} testId="provider">
        <QueryContent what={words.provider2} query={query} skeleton={<TableSkeleton rows={6} />}>
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
        label={words.identityProvider}
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
        <TextField
          name="name"
          label={words.name}
          defaultValue={provider?.name}
          autoComplete="off"
        />
        <TextField
          name="issuer"
          label={words.issuer}
          type="url"
          mono
          placeholder={words.httpsLoginExampleCom}
          defaultValue={provider?.issuer}
          hint={words.weirReadsDiscoveryDocument}
        />
        <TextField
          name="clientId"
          label={words.clientId}
          mono
          defaultValue={provider?.clientId}
          autoComplete="off"
        />
        <TextField
          name="clientSecret"
          label={words.clientSecret}
          type="password"
          mono
          required={false}
          autoComplete="off"
          placeholder={provider ? words.unchanged : undefined}
          hint={words.storedEncryptedNeverShown}
        />
        <TextField
          name="domains"
          label={words.domains}
          required={false}
          defaultValue={provider?.domains.join(', ')}
          autoComplete="off"
          placeholder={words.exampleComExampleOrg}
          hint={words.usersEMailAddress}
        />
        <SelectField
          name="joinAs"
          label={words.newUsers}
          defaultValue={provider?.joinAs ?? ''}
          options={[
            { value: '', label: words.needInvitation },
            ...ROLES.filter((role) => role !== 'owner').map((role) => ({
              value: role,
              label: words.join(roleName(role)),
            })),
          ]}
        />
        <FormProblem />
        {provider?.secretLost && <Notice tone="bad">{words.clientSecretLostServer}</Notice>}
        {saved && <Notice tone="good">{words.providerSavedTryPrivate}</Notice>}
        <div className="flex gap-2">
          <Submit>{words.save}</Submit>
          {provider && <Button onClick={() => setRemoving(true)}>{words.remove}</Button>}
        </div>
      </Form>
      <Dialog
        title={words.removeIdentityProvider}
        lead={words.noOneLogAny}
        action={words.remove}
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
