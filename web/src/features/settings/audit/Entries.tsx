import { Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import type { AuditEntry } from '@/api/identity';
import { Icon } from '@/components/Icon';
import { agentLabel } from '@/lib/userAgent';
import { dateTimeSeconds } from '@/lib/zone';
import { useZone } from '../../zone';
import type { AuditSearch } from './search';
import { Name } from '@/components/Name';
import { NO_VALUE } from '@/lib/format';
import { settings } from '@/words';

const words = settings.entries;

/** Entries of the audit log; each expands to what exactly was changed or read. */
export function Entries(props: { entries: AuditEntry[] }): ReactNode {
  const cell = 'px-1.5 py-1.5 align-top md:px-2 first:pl-4 last:pr-4';
  const head = `h-8 text-left text-xs font-medium whitespace-nowrap text-ink-3 ${cell}`;
  return (
    <div className="scroll-edges overflow-x-auto rounded-b-lg pb-1">
      <table aria-label={words.auditLog} className="w-full border-collapse">
        <thead>
          <tr>
            <th className={head}>{words.when}</th>
            <th className={`${head} max-md:hidden`}>{words.who}</th>
            <th className={head}>{words.action}</th>
            <th className={`${head} max-md:hidden`}>{words.what}</th>
            <th className={`${head} max-xl:hidden`}>{words.from}</th>
          </tr>
        </thead>
        <tbody>
          {props.entries.map((entry) => (
            <Entry key={entry.id} entry={entry} cell={cell} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Entry(props: { entry: AuditEntry; cell: string }): ReactNode {
  const { entry, cell } = props;
  const [open, setOpen] = useState(false);
  const zone = useZone();
  const filter = (patch: AuditSearch, label: string, hint?: string): ReactNode => (
    <Link
      to="/settings/audit"
      search={(previous) => ({ ...previous, cursor: undefined, ...patch })}
      title={hint ?? words.showOnlyThese}
      className="rounded hover:underline"
    >
      <Name of={label} />
    </Link>
  );
  return (
    <>
      <tr className="border-t hover:bg-sunken/60">
        <td className={cell}>
          <button
            type="button"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
            className="inline-flex items-center gap-1.5 rounded text-left md:whitespace-nowrap pointer-coarse:min-h-10"
          >
            <span className={`transition-transform ${open ? '' : '-rotate-90'}`}>
              <Icon name="chevron" size={12} />
            </span>
            {dateTimeSeconds(Date.parse(entry.at), zone)}
          </button>
        </td>
        <td className={`${cell} min-w-32 max-md:hidden xl:whitespace-nowrap`}>
          {filter({ actor: entry.actor }, entry.actor)}
        </td>
        <td className={`${cell} lg:whitespace-nowrap`}>
          {filter({ action: entry.action }, words.named(entry.action), entry.action)}
          <span className="block text-xs text-ink-3 md:hidden">
            <Name of={entry.actor} />
          </span>
        </td>
        <td className={`${cell} min-w-32 max-md:hidden`}>
          {filter({ subject: entry.subject }, entry.subject)}
        </td>
        <td className={`${cell} text-ink-2 max-xl:hidden`} title={entry.userAgent ?? undefined}>
          {entry.address ?? NO_VALUE}
        </td>
      </tr>
      {open && (
        <tr>
          <td colSpan={5} className="px-4 pb-3">
            <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 rounded-md border bg-sunken p-3 text-xs">
              <dt className="text-ink-3">{words.what}</dt>
              <dd className="break-all">{entry.subject}</dd>
              <dt className="text-ink-3">{words.from}</dt>
              <dd>
                {entry.address ?? words.server}
                {entry.userAgent && ` · ${agentLabel(entry.userAgent)}`}
              </dd>
              <dt className="text-ink-3">{words.detail}</dt>
              <dd className="overflow-x-auto">
                <pre className="font-mono leading-5">{JSON.stringify(entry.detail, null, 2)}</pre>
              </dd>
            </dl>
          </td>
        </tr>
      )}
    </>
  );
}
