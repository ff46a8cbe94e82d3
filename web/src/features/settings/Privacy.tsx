import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { Erasure, Project } from '@/api/identity';
import { erasuresQuery, eraseUser, privacyQuery, savePrivacy } from '@/api/settings';
import { Card } from '@/components/Card';
import { DataTable, type Column } from '@/components/DataTable';
import { Dialog } from '@/components/Dialog';
import { Form, FormProblem, Submit } from '@/components/form/Form';
import { CheckField, TextField } from '@/components/form/fields';
import { Notice } from '@/components/Notice';
import { QueryContent } from '@/components/QueryContent';
import { EmptyNote, Skeleton, TableSkeleton } from '@/components/states';
import { exact, NO_VALUE } from '@/lib/format';
import { permits } from '@/lib/permissions';
import { useSession } from '../session';
import { UserName } from '../UserName';
import { RelativeTime } from '../Time';
import { ProjectChoice, useProjectWith } from './ProjectChoice';
import { Name } from '@/components/Name';
import { settings } from '@/words';

const words = settings.privacy;

/** Pseudonyms for users, and the erasure of a user. */
export function Privacy(): ReactNode {
  const session = useSession();
  const project = useProjectWith('manage_privacy');
  return (
    <>
      {permits(session, 'manage_privacy') && <Anonymisation />}
      <ProjectChoice permission="manage_privacy" />
      <Erase key={project.id} project={project} />
      <Erasures projectId={project.id} />
    </>
  );
}

function Anonymisation(): ReactNode {
  const client = useQueryClient();
  const query = useQuery(privacyQuery);
  const [saved, setSaved] = useState(false);
  return (
    <Card title={words.pseudonyms} testId="anonymisation">
      <QueryContent
        what={words.privacy}
        query={query}
        skeleton={<Skeleton className="mx-4 mb-4 h-10 w-64 max-w-full" />}
      >
        {(data) => (
          <Form
            key={String(data.anonymizeUsers)}
            label={words.pseudonyms}
            className="px-4 pb-4"
            onSubmit={async (values) => {
              await savePrivacy(values.all('anonymizeUsers').length > 0);
              setSaved(true);
              await client.invalidateQueries(privacyQuery);
            }}
          >
            <CheckField
              name="anonymizeUsers"
              defaultChecked={data.anonymizeUsers}
              label={words.showPseudonymsInsteadUsers}
              hint={words.ownersAdminsBuildersStill}
            />
            <FormProblem />
            {saved && <Notice tone="good">{words.savedSettingAppliesFrom}</Notice>}
            <Submit className="self-start">{words.save}</Submit>
          </Form>
        )}
      </QueryContent>
    </Card>
  );
}

function Erase({ project }: { project: Project }): ReactNode {
  const client = useQueryClient();
  const [user, setUser] = useState<string | null>(null);
  const [typed, setTyped] = useState('');
  return (
    <Card title={words.eraseUser} testId="erase">
      <Form
        label={words.eraseUser}
        className="max-w-md px-4 pb-4"
        onSubmit={(values) => {
          setTyped('');
          setUser(values.text('userId'));
          return Promise.resolve();
        }}
      >
        <p className="text-ink-2">{words.removesUserSId(<Name of={project.name} />)}</p>
        <TextField
          name="userId"
          label={words.userId}
          mono
          autoComplete="off"
          spellCheck={false}
          hint={words.valueUseridEvents}
        />
        <Submit danger className="self-start">
          {words.erase}
        </Submit>
      </Form>
      <Dialog
        title={words.eraseUser2}
        lead={
          <>
            {words.cannotUndoneTypeContinue(
              <strong className="font-mono break-all">{user}</strong>,
            )}
          </>
        }
        action={words.erasePermanently}
        danger
        disabled={typed !== user}
        open={user !== null}
        onClose={() => setUser(null)}
        onSubmit={async () => {
          if (user) await eraseUser(project.id, user);
          setUser(null);
          await client.invalidateQueries(erasuresQuery(project.id));
        }}
      >
        <TextField
          name="confirmation"
          label={words.repeatId}
          mono
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </Dialog>
    </Card>
  );
}

const count = (of: number | null | undefined): string => (of == null ? NO_VALUE : exact(of));

const COLUMNS: Column<Erasure>[] = [
  {
    id: 'user',
    header: words.user,
    className: 'py-1.5 wrap-anywhere',
    cell: (erasure) => (erasure.userId ? <UserName id={erasure.userId} /> : words.erased),
  },
  {
    id: 'status',
    header: words.status,
    cell: (erasure) => words.states[erasure.state] ?? erasure.state,
  },
  {
    id: 'events',
    header: words.events,
    numeric: true,
    cell: (erasure) => count(erasure.events),
  },
  {
    id: 'mentions',
    header: words.mentions,
    numeric: true,
    wideOnly: true,
    cell: (erasure) => count(erasure.mentions),
  },
  {
    id: 'requested',
    header: words.requested,
    tells: true,
    cell: (erasure) => <RelativeTime at={erasure.requestedAt} />,
  },
  {
    id: 'by',
    header: words.requested2,
    wideOnly: true,
    cell: (erasure) => erasure.by,
  },
  {
    id: 'done',
    header: words.finished,
    wideOnly: true,
    tells: true,
    cell: (erasure) => <RelativeTime at={erasure.finishedAt} />,
  },
];

function Erasures({ projectId }: { projectId: string }): ReactNode {
  const query = useQuery({
    ...erasuresQuery(projectId),
    // An erasure takes seconds: poll until it ends.
    refetchInterval: (state) =>
      state.state.data?.erasures.some((erasure) => erasure.state === 'running') ? 3_000 : false,
  });
  return (
    <Card title={words.erasures} testId="erasures">
      <QueryContent what={words.erasures} query={query} skeleton={<TableSkeleton rows={2} />}>
        {(data) =>
          data.erasures.length === 0 ? (
            <EmptyNote>{words.noUserBeenErased}</EmptyNote>
          ) : (
            <DataTable
              label={words.erasures}
              columns={COLUMNS}
              rows={data.erasures}
              rowKey={(erasure) => erasure.id}
            />
          )
        }
      </QueryContent>
    </Card>
  );
}
