import * as Popover from '@radix-ui/react-popover';
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { logOut, sessionQuery } from '@/api/session';
import { Button } from '@/components/Button';
import { Icon, type IconName } from '@/components/Icon';
import { chooseTheme, useTheme, type ThemeChoice } from '@/lib/theme';

const THEMES: { value: ThemeChoice; label: string; icon: IconName }[] = [
  { value: 'system', label: 'System', icon: 'screen' },
  { value: 'light', label: 'Light', icon: 'sun' },
  { value: 'dark', label: 'Dark', icon: 'moon' },
];

/** Who is logged in, the theme, and the way out. */
export function Account({ narrow, phone }: { narrow: boolean; phone?: boolean }): ReactNode {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const trigger = phone
    ? 'flex h-14 flex-1 flex-col items-center justify-center gap-0.5 text-2xs text-ink-2'
    : 'touch-target flex h-8 items-center gap-2.5 rounded-md px-2 text-ink-2 hover:bg-sunken hover:text-ink';
  return (
    <Popover.Root>
      <Popover.Trigger title="Account and theme" className={trigger}>
        <Icon name="user" size={phone ? 20 : 16} />
        <span className={narrow ? 'sr-only' : 'truncate'}>
          {phone ? 'Account' : session?.user.name || session?.user.email}
        </span>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          side="top"
          align="start"
          sideOffset={6}
          collisionPadding={8}
          className="z-40 flex w-72 flex-col gap-3 rounded-lg border border-line-strong bg-raised p-3"
        >
          <div>
            <p className="font-medium">{session?.user.name}</p>
            <p className="text-xs text-ink-3">{session?.user.email}</p>
          </div>
          <ThemeChoices />
          <LogOut />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function ThemeChoices(): ReactNode {
  const { choice } = useTheme();
  return (
    <div role="group" aria-label="Theme" className="grid grid-cols-3 gap-1">
      {THEMES.map((theme) => (
        <Button
          key={theme.value}
          aria-pressed={choice === theme.value}
          onClick={() => chooseTheme(theme.value)}
          className="px-1"
        >
          <Icon name={theme.icon} size={14} /> {theme.label}
        </Button>
      ))}
    </div>
  );
}

function LogOut(): ReactNode {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [failed, setFailed] = useState(false);
  const leave = async (): Promise<void> => {
    try {
      await logOut();
      await navigate({ to: '/login', search: {} });
      client.clear();
    } catch {
      setFailed(true);
    }
  };
  return (
    <>
      <Button onClick={() => void leave()}>Log out</Button>
      {failed && (
        <p role="alert" className="text-xs text-bad">
          Logging out failed: the server does not answer.
        </p>
      )}
    </>
  );
}
