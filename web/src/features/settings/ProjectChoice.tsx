import type { ReactNode } from 'react';
import type { Permission, Project } from '@/api/identity';
import { Picker } from '@/components/Picker';
import { projectsWith } from '@/lib/permissions';
import { useSession } from '../session';
import { projectOf, usePageSearch, useSetSearch } from '../view';
import { settings } from '@/words';

const words = settings.projectChoice;

/** The project of a settings page: the one in the URL if the user has the permission there, otherwise another such project. */
export function useProjectWith(permission: Permission): Project {
  const session = useSession();
  const { project: wanted } = usePageSearch();
  const project = projectOf(projectsWith(session, permission), wanted);
  if (!project) throw new Error(words.none);
  return project;
}

/** Chooses among the projects where the user has the permission; shows nothing if there is only one. */
export function ProjectChoice({ permission }: { permission: Permission }): ReactNode {
  const session = useSession();
  const setSearch = useSetSearch();
  const project = useProjectWith(permission);
  const projects = projectsWith(session, permission);
  if (projects.length < 2) return null;
  return (
    <div className="flex">
      <Picker
        label={words.project}
        icon="layers"
        testId="settings-project"
        text={project.name}
        selected={project.id}
        searchable={projects.length > 8}
        options={projects.map((entry) => ({ value: entry.id, label: entry.name }))}
        onPick={(id) => setSearch({ project: id })}
      />
    </div>
  );
}
