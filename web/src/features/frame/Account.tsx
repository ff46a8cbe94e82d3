import * as Popover from '@radix-ui/react-popover';
import { Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { logOut, logOutEverywhere } from '@/api/session';
import { Button, buttonClass } from '@/components/Button';
import { Icon, type IconName } from '@/components/Icon';
import { roleName } from '@/lib/permissions';
import { frameOf } from '@/lib/search';
import { useTheme, type ThemeChoice } from '@/lib/theme';
import { frame, views } from '@/words';
import { prefer } from '../preferences/prefer';
import { useSession } from '../session';
import { useLeave } from './leave';
import { Organisation } from './Organisation';
import type { Place } from './places';
import { Name } from '@/components/Name';
import { ViewLinks } from '../views/RailViews';

const words = frame.account;

const THEMES: { value: ThemeChoice; icon: IconName }[] = [
  { value: 'system', icon: 'screen' },
  { value: 'light', icon: 'sun' },
  { value: 'dark', icon: 'moon' },
];

interface Props {
  narrow: boolean;
  phone?: boolean;
  /** The places that the bar of a phone has no room for. */
  places?: Place[];
}

/** The menu of the logged-in user: profile, theme, logging out. On a phone, also the places that its bar lacks. */
export function Account({ narrow, phone, places = [] }: Props): ReactNode {
  const { user, role, projects } = useSession();
  const [open, setOpen] = useState(false);
  const trigger = phone
    ? 'flex h-14 flex-1 flex-col items-center justify-center gap-0.5 text-2xs text-ink-2'
    : 'touch-target flex h-8 items-center gap-2.5 rounded-md px-2 text-ink-2 hover:bg-sunken hover:text-ink';
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        title={phone ? words.moreHint : words.hint}
        data-testid="account"
        className={trigger}
      >
        <Icon name={phone ? 'more' : 'user'} size={phone ? 20 : 16} />
        <span className={narrow ? 'sr-only' : 'truncate'}>
          {phone ? words.more : <bdi>{user.name || user.email}</bdi>}
        </span>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          side="top"
          align="start"
          sideOffset={6}
          collisionPadding={8}
          className="z-40 flex max-h-[var(--radix-popover-content-available-height)] w-72 flex-col gap-3 overflow-y-auto *:shrink-0 rounded-lg border border-line-strong bg-raised p-3"
        >
          {places.map((place) => (
            <Link
              key={place.to}
              to={place.to}
              search={(previous) => frameOf(previous)}
              className={buttonClass()}
              onClick={() => setOpen(false)}
            >
              <Icon name={place.icon} size={14} /> {place.label}
            </Link>
          ))}
          {phone && projects.length > 0 && <PhoneViews onFollow={() => setOpen(false)} />}
          <div className="flex flex-col">
            <p className="font-medium">
              <Name of={user.name} />
            </p>
            <p className="text-xs text-ink-3">
              <Name of={user.email} />
            </p>
            {role && <p className="text-xs text-ink-3">{roleName(role)}</p>}
          </div>
          {phone && <Organisation />}
          <Link
            to={phone ? '/settings' : '/settings/profile'}
            search={(previous) => frameOf(previous)}
            className={buttonClass()}
            onClick={() => setOpen(false)}
          >
            {phone ? words.settings : words.profile}
          </Link>
          <ThemeChoices />
          <LogOut />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** The saved views, which the rail has on wide screens. */
function PhoneViews({ onFollow }: { onFollow: () => void }): ReactNode {
  return (
    <section aria-label={views.title} className="flex flex-col gap-1 border-y py-2">
      <h2 className="text-xs font-medium text-ink-3">{views.title}</h2>
      <ViewLinks
        item="touch-target flex min-h-8 items-center gap-2.5 rounded-md px-2 text-left text-ink-2"
        current="bg-accent-soft font-medium text-accent"
        onFollow={onFollow}
      />
    </section>
  );
}

function ThemeChoices(): ReactNode {
  const { choice } = useTheme();
  return (
    <div role="group" aria-label={words.theme} className="grid grid-cols-3 gap-1">
      {THEMES.map((theme) => (
        <Button
          key={theme.value}
          aria-pressed={choice === theme.value}
          onClick={() => void prefer({ theme: theme.value })}
          className="px-1"
        >
          <Icon name={theme.icon} size={14} /> {words.themes[theme.value]}
        </Button>
      ))}
    </div>
  );
}

/** Logs out of this browser, or of all of them. */
function LogOut(): ReactNode {
  const leave = useLeave();
  const [failed, setFailed] = useState(false);
  const go = (end: () => Promise<void>) => (): void => {
    leave(end).catch(() => setFailed(true));
  };
  return (
    <>
      <div className="flex gap-1">
        <Button className="flex-1" onClick={go(logOut)}>
          {words.logOut}
        </Button>
        <Button
          className="flex-1"
          aria-label={words.logOutEverywhere}
          title={words.everywhereHint}
          onClick={go(logOutEverywhere)}
        >
          {words.everywhere}
        </Button>
      </div>
      {failed && (
        <p role="alert" className="text-xs text-bad">
          {words.failed}
        </p>
      )}
    </>
  );
}
