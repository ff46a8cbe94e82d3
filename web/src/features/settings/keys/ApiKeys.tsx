import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { ApiKey, NewApiKey } from '@/api/identity';
import { keysQuery, revokeKey, rotateKey } from '@/api/settings';
import { Button } from '@/components/Button';
import { Card } from '@/components/Card';
import { DataTable, type Column } from '@/components/DataTable';
import { Dialog } from '@/components/Dialog';
import { SelectField } from '@/components/form/fields';
import { QueryContent } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import { useMinute } from '@/lib/clock';
import { ProjectChoice, useProjectWith } from '../ProjectChoice';
import { Tag } from '@/components/Tag';
import { DateTime, RelativeTime } from '../../Time';
import { CreateKey } from './CreateKey';
import { KeyShown } from './KeyShown';
import { stateOf, type KeyState } from './state';
import { Name } from '@/components/Name';
import { isolated } from '@/lib/format';
import { settings } from '@/words';

const words = settings.apiKeys;

const STATES: Record<KeyState, { label: string; tone: 'plain' | 'warn' | 'bad' }> = {
  active: { label: words.active, tone: 'plain' },
  expiring: { label: words.expiresSoon, tone: 'warn' },
  replaced: { label: words.replaced, tone: 'warn' },
  expired: { label: words.expired, tone: 'bad' },
  revoked: { label: words.revoked, tone: 'bad' },
};

/** The API keys of a project: create, rotate, revoke. */
export function ApiKeys(): ReactNode {
  const project = useProjectWith('manage_keys');
  const query = useQuery(keysQuery(project.id));
  const [creating, setCreating] = useState(false);
  const [made, setMade] = useState<NewApiKey | null>(null);
  return (
    <>
      <ProjectChoice permission="manage_keys" />
      <Card
        title={words.keys(isolated(project.name))}
        testId="keys"
        actions={
          <Button kind="primary" onClick={() => setCreating(true)}>
            {words.newKey}
          </Button>
        }
      >
        <QueryContent what={words.keys2} query={query} skeleton={<TableSkeleton rows={3} />}>
          {(data) => <Table projectId={project.id} keys={data.keys} onMade={setMade} />}
        </QueryContent>
      </Card>
      <CreateKey
        project={project}
        open={creating}
        onClose={() => setCreating(false)}
        onMade={(key) => {
          setCreating(false);
          setMade(key);
        }}
      />
      <KeyShown made={made} onClose={() => setMade(null)} />
    </>
  );
}

function Table(props: {
  projectId: string;
  keys: ApiKey[];
  onMade: (key: NewApiKey) => void;
}): ReactNode {
  const { projectId } = props;
  const now = useMinute();
  const client = useQueryClient();
  const [all, setAll] = useState(false);
  const [rotating, setRotating] = useState<ApiKey | null>(null);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const dead = (key: ApiKey): boolean => ['revoked', 'expired'].includes(stateOf(key, now));
  const gone = props.keys.filter(dead).length;
  const shown = all ? props.keys : props.keys.filter((key) => !dead(key));
  const refresh = () => client.invalidateQueries(keysQuery(projectId));
  const columns: Column<ApiKey>[] = [
    {
      id: 'name',
      header: words.key,
      className: 'py-1.5',
      cell: (key) => (
        <div>
          <p className="flex flex-wrap items-center gap-x-2 font-medium">
            <Name of={key.name} /> <State of={key} now={now} />
          </p>
          <p className="font-mono text-xs text-ink-3">{key.prefix}…</p>
          <p className="pt-1 md:hidden">
            <Scopes of={key} />
          </p>
        </div>
      ),
    },
    {
      id: 'scopes',
      header: words.permissions,
      wideOnly: true,
      className: 'py-1.5',
      cell: (key) => <Scopes of={key} />,
    },
    {
      id: 'used',
      header: words.lastUsed,
      tells: true,
      cell: (key) => <RelativeTime at={key.lastUsedAt} />,
    },
    {
      id: 'expires',
      header: words.expires,
      wideOnly: true,
      cell: (key) => (key.expiresAt ? <DateTime at={key.expiresAt} /> : words.never),
    },
    {
      id: 'created',
      header: words.created,
      widestOnly: true,
      exact: (key) => (key.createdBy ? words.by(key.createdBy) : ''),
      cell: (key) => <RelativeTime at={key.createdAt} />,
    },
    {
      id: 'act',
      header: '',
      cell: (key) =>
        !dead(key) && (
          <span className="flex justify-end gap-1 py-1 max-md:flex-col max-md:items-end">
            {stateOf(key, now) !== 'replaced' && (
              <Button small onClick={() => setRotating(key)}>
                {words.rotate}
              </Button>
            )}
            <Button small onClick={() => setRevoking(key)}>
              {words.revoke}
            </Button>
          </span>
        ),
    },
  ];
  return (
    <>
      {shown.length === 0 ? (
        <EmptyNote>{words.noActiveKeysCreate}</EmptyNote>
      ) : (
        <DataTable label={words.keys2} columns={columns} rows={shown} rowKey={(key) => key.id} />
      )}
      {gone > 0 && (
        <div className="px-4 pb-3">
          <Button kind="quiet" small aria-pressed={all} onClick={() => setAll(!all)}>
            {words.expiredRevoked(all ? words.hide : words.show, gone)}
          </Button>
        </div>
      )}
      <Dialog
        title={words.rotate2(isolated(rotating?.name ?? ''))}
        lead={words.createsNewKeySame}
        action={words.rotate}
        open={rotating !== null}
        onClose={() => setRotating(null)}
        onSubmit={async (values) => {
          if (!rotating) return;
          const made = await rotateKey(
            projectId,
            rotating.id,
            Number(values.text('overlapSeconds')),
          );
          setRotating(null);
          props.onMade(made);
          await refresh();
        }}
      >
        <SelectField
          name="overlapSeconds"
          label={words.oldKeyExpires}
          defaultValue="86400"
          options={[
            { value: '0', label: words.now },
            { value: '3600', label: words.afterHour },
            { value: '86400', label: words.afterDay },
            { value: '604800', label: words.afterDays },
            { value: '2592000', label: words.afterDays2 },
          ]}
        />
      </Dialog>
      <Dialog
        title={words.revoke2(isolated(revoking?.name ?? ''))}
        lead={words.keyStopsWorkingOnce}
        action={words.revoke}
        danger
        open={revoking !== null}
        onClose={() => setRevoking(null)}
        onSubmit={async () => {
          if (revoking) await revokeKey(projectId, revoking.id);
          setRevoking(null);
          await refresh();
        }}
      />
    </>
  );
}

function Scopes({ of }: { of: ApiKey }): ReactNode {
  return (
    <span className="flex flex-wrap gap-1">
      {of.scopes.map((scope) => (
        <Tag key={scope}>{scope}</Tag>
      ))}
      {of.environment && <Tag tone="accent">{words.only(<bdi>{of.environment}</bdi>)}</Tag>}
    </span>
  );
}

function State({ of, now }: { of: ApiKey; now: number }): ReactNode {
  const state = stateOf(of, now);
  return state === 'active' ? null : <Tag tone={STATES[state].tone}>{STATES[state].label}</Tag>;
}
