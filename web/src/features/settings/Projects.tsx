import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { Project } from '@/api/identity';
import { sessionQuery } from '@/api/session';
import { changeProject, createProject } from '@/api/settings';
import { Button } from '@/components/Button';
import { Card } from '@/components/Card';
import { DataTable, type Column } from '@/components/DataTable';
import { Dialog } from '@/components/Dialog';
import { TextField } from '@/components/form/fields';
import { EmptyNote } from '@/components/states';
import { counted } from '@/lib/format';
import { permits } from '@/lib/permissions';
import { parseList } from '@/lib/list';
import { useSession } from '../session';
import { Tag } from '@/components/Tag';
import { DateTime, RelativeTime } from '../Time';
import { Name } from '@/components/Name';
import { nouns, settings } from '@/words';

const words = settings.projects;

type Editing = { project: Project | null } | null;

/** The projects of the organisation, and the environments of their events. */
export function Projects(): ReactNode {
  const session = useSession();
  const client = useQueryClient();
  const allowed = permits(session, 'manage_projects');
  const [editing, setEditing] = useState<Editing>(null);
  const project = editing?.project ?? null;
  const columns: Column<Project>[] = [
    {
      id: 'name',
      header: words.project,
      className: 'py-1.5 font-medium',
      cell: (entry) => <Name of={entry.name} />,
      exact: (entry) => entry.id,
    },
    {
      id: 'environments',
      header: words.environments,
      className: 'py-1.5',
      cell: (entry) => (
        <span className="flex flex-wrap gap-1">
          {entry.environments.map((name) => (
            <Tag key={name}>{name}</Tag>
          ))}
          {entry.environments.length === 0 && <span className="text-ink-3">{words.none}</span>}
        </span>
      ),
    },
    {
      id: 'first',
      header: words.firstEvent,
      wideOnly: true,
      cell: (entry) => <DateTime at={entry.firstEvent} />,
    },
    {
      id: 'newest',
      header: words.newestEvent,
      wideOnly: true,
      tells: true,
      cell: (entry) => <RelativeTime at={entry.newestEvent} />,
    },
    ...(allowed
      ? [
          {
            id: 'act',
            header: '',
            className: 'text-right',
            cell: (entry: Project) => (
              <Button small onClick={() => setEditing({ project: entry })}>
                {words.edit}
              </Button>
            ),
          },
        ]
      : []),
  ];
  return (
    <Card
      title={words.projects}
      note={counted(session.projects.length, nouns.project)}
      testId="projects"
      actions={
        allowed && (
          <Button kind="primary" onClick={() => setEditing({ project: null })}>
            {words.newProject}
          </Button>
        )
      }
    >
      {session.projects.length === 0 ? (
        <EmptyNote>{words.noProjectsYet}</EmptyNote>
      ) : (
        <DataTable
          label={words.projects}
          columns={columns}
          rows={session.projects}
          rowKey={(entry) => entry.id}
        />
      )}
      {!allowed && (
        <p className="px-4 pt-1 pb-3 text-xs text-ink-3">{words.onlyOwnersAdminsCreate}</p>
      )}
      <Dialog
        title={project ? words.edit2(project.name) : words.newProject}
        action={project ? words.save : words.createProject}
        open={editing !== null}
        onClose={() => setEditing(null)}
        onSubmit={async (values) => {
          const name = values.text('name');
          if (project) {
            const environments = parseList(values.text('environments'));
            await changeProject(project.id, { name, environments });
          } else await createProject(name);
          setEditing(null);
          await client.invalidateQueries(sessionQuery);
        }}
      >
        <TextField name="name" label={words.name} autoComplete="off" defaultValue={project?.name} />
        {project && (
          <TextField
            name="environments"
            label={words.environments}
            autoComplete="off"
            required={false}
            defaultValue={project.environments.join(', ')}
            hint={words.separatedCommasEnvironmentsEvents}
          />
        )}
      </Dialog>
    </Card>
  );
}
