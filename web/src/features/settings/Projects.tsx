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
import { Nothing } from '@/components/states';
import { counted } from '@/lib/format';
import { permits } from '@/lib/permissions';
import { words } from '@/lib/words';
import { useSession } from '../session';
import { Tag } from '@/components/Tag';
import { On, When } from '../When';

type Changing = { project: Project | null } | null;

/** The projects of the organisation and the environments their events may name. */
export function Projects(): ReactNode {
  const session = useSession();
  const client = useQueryClient();
  const may = permits(session, 'manage_projects');
  const [changing, setChanging] = useState<Changing>(null);
  const project = changing?.project ?? null;
  const columns: Column<Project>[] = [
    {
      id: 'name',
      header: 'Project',
      className: 'py-1.5 font-medium',
      cell: (entry) => entry.name,
      exact: (entry) => entry.id,
    },
    {
      id: 'environments',
      header: 'Environments',
      className: 'py-1.5',
      cell: (entry) => (
        <span className="flex flex-wrap gap-1">
          {entry.environments.map((name) => (
            <Tag key={name}>{name}</Tag>
          ))}
          {entry.environments.length === 0 && <span className="text-ink-3">none named</span>}
        </span>
      ),
    },
    {
      id: 'first',
      header: 'First event',
      wideOnly: true,
      cell: (entry) => <On at={entry.firstEvent} />,
    },
    {
      id: 'newest',
      header: 'Newest event',
      wideOnly: true,
      cell: (entry) => <When at={entry.newestEvent} />,
    },
    ...(may
      ? [
          {
            id: 'act',
            header: '',
            className: 'text-right',
            cell: (entry: Project) => (
              <Button small onClick={() => setChanging({ project: entry })}>
                Change
              </Button>
            ),
          },
        ]
      : []),
  ];
  return (
    <Card
      title="Projects"
      note={counted(session.projects.length, 'project')}
      testId="projects"
      actions={
        may && (
          <Button kind="primary" onClick={() => setChanging({ project: null })}>
            New project
          </Button>
        )
      }
    >
      {session.projects.length === 0 ? (
        <Nothing>There is no project yet.</Nothing>
      ) : (
        <DataTable
          label="Projects"
          columns={columns}
          rows={session.projects}
          rowKey={(entry) => entry.id}
        />
      )}
      {!may && (
        <p className="px-4 pt-1 pb-3 text-xs text-ink-3">
          An owner or admin makes and changes projects.
        </p>
      )}
      <Dialog
        title={project ? `Change ${project.name}` : 'New project'}
        action={project ? 'Save' : 'Make the project'}
        open={changing !== null}
        onClose={() => setChanging(null)}
        onSubmit={async (values) => {
          const name = values.text('name');
          if (project) {
            const environments = words(values.text('environments'));
            await changeProject(project.id, { name, environments });
          } else await createProject(name);
          setChanging(null);
          await client.invalidateQueries(sessionQuery);
        }}
      >
        <TextField name="name" label="Name" autoComplete="off" defaultValue={project?.name} />
        {project && (
          <TextField
            name="environments"
            label="Environments"
            autoComplete="off"
            required={false}
            defaultValue={project.environments.join(', ')}
            hint="Separated by commas. Environments that events name appear by themselves."
          />
        )}
      </Dialog>
    </Card>
  );
}
