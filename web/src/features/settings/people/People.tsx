import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { Person } from '@/api/identity';
import { peopleQuery, removePerson, saveRoles } from '@/api/settings';
import { sessionQuery } from '@/api/session';
import { Button } from '@/components/Button';
import { Card } from '@/components/Card';
import { DataTable, type Column } from '@/components/DataTable';
import { Dialog } from '@/components/Dialog';
import { QueryContent } from '@/components/QueryContent';
import { TableSkeleton } from '@/components/states';
import { counted } from '@/lib/format';
import { permits } from '@/lib/permissions';
import { useSession } from '../../session';
import { Tag } from '@/components/Tag';
import { RelativeTime } from '../../Time';
import { Invitations } from './Invitations';
import { Invite } from './Invite';
import { RoleFields, rolesOf } from './RoleFields';
import { RoleMatrix } from './RoleMatrix';
import { RoleTags } from './RoleTags';
import { Name } from '@/components/Name';
import { nouns, people } from '@/words';

const words = people.people;

/** The members of the organisation, their roles, and open invitations. */
export function People(): ReactNode {
  const query = useQuery(peopleQuery);
  const [inviting, setInviting] = useState(false);
  return (
    <>
      <Card
        title={words.people}
        note={query.data && counted(query.data.people.length, nouns.person)}
        testId="people"
        actions={
          <Button kind="primary" onClick={() => setInviting(true)}>
            {words.invite}
          </Button>
        }
      >
        <QueryContent what={words.people} query={query} skeleton={<TableSkeleton rows={4} />}>
          {(data) => <Table people={data.people} />}
        </QueryContent>
      </Card>
      <Invitations />
      <RoleMatrix />
      <Invite open={inviting} onClose={() => setInviting(false)} />
    </>
  );
}

function Table({ people }: { people: Person[] }): ReactNode {
  const session = useSession();
  const client = useQueryClient();
  const [editing, setEditing] = useState<Person | null>(null);
  const [removing, setRemoving] = useState<Person | null>(null);
  const owners = people.filter((person) => person.role === 'owner').length;
  const whyProtected = (person: Person): string | null => {
    if (person.role !== 'owner') return null;
    if (!permits(session, 'manage_tenant')) return words.onlyOwnersChange;
    return owners === 1 ? words.lastOwner : null;
  };
  const refresh = async (person: Person): Promise<void> => {
    await client.invalidateQueries(peopleQuery);
    if (person.id === session.user.id) await client.invalidateQueries(sessionQuery);
  };
  const columns: Column<Person>[] = [
    {
      id: 'name',
      header: words.person,
      className: 'py-1.5',
      cell: (person) => (
        <div className="min-w-0">
          <p className="flex flex-wrap items-center gap-x-2 font-medium wrap-anywhere">
            <Name of={person.name || person.email} />
            {person.id === session.user.id && <Tag tone="accent">{words.you}</Tag>}
          </p>
          {person.name && (
            <p className="text-xs wrap-anywhere text-ink-3">
              <Name of={person.email} />
            </p>
          )}
          <p className="pt-1 md:hidden">
            <RoleTags role={person.role} projects={person.projects} />
          </p>
        </div>
      ),
    },
    {
      id: 'roles',
      header: words.roles,
      wideOnly: true,
      className: 'py-1.5',
      cell: (person) => <RoleTags role={person.role} projects={person.projects} />,
    },
    {
      id: 'factor',
      header: words.secondFactor,
      wideOnly: true,
      cell: (person) =>
        person.secondFactor ? words.on : <span className="text-ink-3">{words.off}</span>,
    },
    {
      id: 'seen',
      header: words.lastSeen,
      wideOnly: true,
      tells: true,
      cell: (person) => <RelativeTime at={person.lastSeenAt} />,
    },
    {
      id: 'act',
      header: '',
      cell: (person) => {
        const reason = whyProtected(person);
        return (
          <span
            title={reason ?? undefined}
            className="flex justify-end gap-1 py-1 max-md:flex-col max-md:items-end"
          >
            <Button small disabled={reason !== null} onClick={() => setEditing(person)}>
              {words.roles}
            </Button>
            <Button small disabled={reason !== null} onClick={() => setRemoving(person)}>
              {words.remove}
            </Button>
          </span>
        );
      },
    },
  ];
  return (
    <>
      <DataTable
        label={words.people}
        columns={columns}
        rows={people}
        rowKey={(person) => person.id}
      />
      {owners === 1 && (
        <p className="px-4 pt-1 pb-3 text-xs text-ink-3">{words.thereOnlyOneOwner}</p>
      )}
      <Dialog
        wide
        title={words.roles2(editing?.name || (editing?.email ?? ''))}
        lead={words.roleOrganisationAppliesEvery}
        action={words.save}
        open={editing !== null}
        onClose={() => setEditing(null)}
        onSubmit={async (values) => {
          if (!editing) return;
          await saveRoles(editing.id, rolesOf(values, session.projects));
          setEditing(null);
          await refresh(editing);
        }}
      >
        {editing && <RoleFields granted={editing} />}
      </Dialog>
      <Dialog
        title={words.remove2(removing?.name || (removing?.email ?? ''))}
        lead={words.theyLoseAccessOnce(session.tenant.name)}
        action={words.remove}
        danger
        open={removing !== null}
        onClose={() => setRemoving(null)}
        onSubmit={async () => {
          if (!removing) return;
          await removePerson(removing.id);
          setRemoving(null);
          await refresh(removing);
        }}
      />
    </>
  );
}
