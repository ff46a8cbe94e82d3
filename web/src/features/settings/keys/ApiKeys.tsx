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

const STATES: Record<KeyState, { label: string; tone: 'plain' | 'warn' | 'bad' }> = {
  active: { label: 'active', tone: 'plain' },
  expiring: { label: 'expires soon', tone: 'warn' },
  replaced: { label: 'replaced', tone: 'warn' },
  expired: { label: 'expired', tone: 'bad' },
  revoked: { label: 'revoked', tone: 'bad' },
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
        title={`Keys of ${isolated(project.name)}`}
        testId="keys"
        actions={
          <Button kind="primary" onClick={() => setCreating(true)}>
            New key
          </Button>
        }
      >
        <QueryContent what="Keys" query={query} skeleton={<TableSkeleton rows={3} />}>
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
      header: 'Key',
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
      header: 'Permissions',
      wideOnly: true,
      className: 'py-1.5',
      cell: (key) => <Scopes of={key} />,
    },
    {
      id: 'used',
      header: 'Last used',
      tells: true,
      cell: (key) => <RelativeTime at={key.lastUsedAt} />,
    },
    {
      id: 'expires',
      header: 'Expires',
      wideOnly: true,
      cell: (key) => (key.expiresAt ? <DateTime at={key.expiresAt} /> : 'never'),
    },
    {
      id: 'created',
      header: 'Created',
      wideOnly: true,
      exact: (key) => (key.createdBy ? `by ${key.createdBy}` : ''),
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
                Rotate
              </Button>
            )}
            <Button small onClick={() => setRevoking(key)}>
              Revoke
            </Button>
          </span>
        ),
    },
  ];
  return (
    <>
      {shown.length === 0 ? (
        <EmptyNote>No active keys. Create one to send events or read figures.</EmptyNote>
      ) : (
        <DataTable label="Keys" columns={columns} rows={shown} rowKey={(key) => key.id} />
      )}
      {gone > 0 && (
        <div className="px-4 pb-3">
          <Button kind="quiet" small aria-pressed={all} onClick={() => setAll(!all)}>
            {all ? 'Hide' : 'Show'} {gone} expired and revoked
          </Button>
        </div>
      )}
      <Dialog
        title={`Rotate ${isolated(rotating?.name ?? '')}`}
        lead="Creates a new key with the same permissions. The old key keeps working for a while, so that its users can switch."
        action="Rotate"
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
          label="The old key expires"
          defaultValue="86400"
          options={[
            { value: '0', label: 'now' },
            { value: '3600', label: 'after 1 hour' },
            { value: '86400', label: 'after 1 day' },
            { value: '604800', label: 'after 7 days' },
            { value: '2592000', label: 'after 30 days' },
          ]}
        />
      </Dialog>
      <Dialog
        title={`Revoke ${isolated(revoking?.name ?? '')}`}
        lead="The key stops working at once and cannot be restored. Requests that use it will be refused."
        action="Revoke"
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
      {of.environment && (
        <Tag tone="accent">
          only <bdi>{of.environment}</bdi>
        </Tag>
      )}
    </span>
  );
}

function State({ of, now }: { of: ApiKey; now: number }): ReactNode {
  const state = stateOf(of, now);
  return state === 'active' ? null : <Tag tone={STATES[state].tone}>{STATES[state].label}</Tag>;
}
