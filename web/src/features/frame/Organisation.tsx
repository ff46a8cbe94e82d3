import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { asProblem } from '@/api/client';
import { startSession, switchTenant } from '@/api/session';
import { Icon } from '@/components/Icon';
import { OptionList } from '@/components/OptionList';
import { Pop } from '@/components/Pop';
import { frame } from '@/words';
import { useSession } from '../session';
import { Name } from '@/components/Name';

const words = frame.organisation;

/** The organisation that the page shows. Members of several organisations can switch between them. */
export function Organisation({ narrow = false }: { narrow?: boolean }): ReactNode {
  const session = useSession();
  const client = useQueryClient();
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const [failed, setFailed] = useState<string | null>(null);
  const name = (
    <span className={narrow ? 'sr-only' : 'min-w-0'}>
      <Name cut of={session.tenant.name} />
    </span>
  );
  if (session.tenants.length < 2) {
    return (
      <p
        title={words.is(session.tenant.name)}
        className={`flex min-w-0 items-center px-2 text-xs text-ink-3 ${narrow ? 'sr-only' : ''}`}
      >
        {name}
      </p>
    );
  }
  const go = async (id: string): Promise<void> => {
    if (id === session.tenant.id) return setOpen(false);
    try {
      const entered = await switchTenant(id);
      setOpen(false);
      // It has other projects and other data: neither the cache nor the URL applies to it.
      startSession(client, entered);
      await router.navigate({ to: '/', search: {} });
    } catch (error) {
      setFailed(asProblem(error).detail ?? asProblem(error).title);
    }
  };
  return (
    <Pop
      label={words.is(session.tenant.name)}
      testId="organisation"
      kind="quiet"
      className={narrow ? 'w-9' : 'w-full justify-start! px-2!'}
      open={open}
      onOpenChange={setOpen}
      trigger={
        <>
          {narrow && <Icon name="people" />}
          {name}
          {!narrow && <Icon name="chevron" size={12} />}
        </>
      }
    >
      <OptionList
        label={words.list}
        searchable={session.tenants.length > 8}
        selected={[session.tenant.id]}
        options={session.tenants.map((tenant) => ({ value: tenant.id, label: tenant.name }))}
        onPick={(id) => void go(id)}
      />
      {failed && (
        <p role="alert" className="border-t p-2 text-xs text-bad">
          {failed}
        </p>
      )}
    </Pop>
  );
}
