import type { ReactNode } from 'react';
import type { Project, Role, Roles } from '@/api/identity';
import { SelectField } from '@/components/form/fields';
import type { Values } from '@/components/form/values';
import { grantable, roleName, ROLES } from '@/lib/permissions';
import { useSession } from '../../session';
import { accounts, people } from '@/words';

const words = people.roleFields;

const fieldOf = (project: Project): string => `project ${project.id}`;

/** A role in the organisation, and one in each project. */
export function RoleFields({ granted }: { granted: Roles }): ReactNode {
  const session = useSession();
  const allowed = grantable(session);
  const options = ROLES.map((role) => ({
    value: role,
    label: words.option(roleName(role), accounts.does[role]),
    disabled: !allowed.includes(role),
  }));
  return (
    <>
      <SelectField
        name="role"
        label={words.organisation}
        defaultValue={granted.role ?? ''}
        options={[{ value: '', label: words.noRoleOnlyProjects }, ...options]}
      />
      {session.projects.length > 0 && (
        <fieldset className="flex max-h-64 flex-col gap-3 overflow-y-auto">
          <legend className="mb-1 text-xs text-ink-3">{words.projects}</legend>
          {session.projects.map((project) => (
            <SelectField
              key={project.id}
              name={fieldOf(project)}
              label={project.name}
              defaultValue={
                granted.projects.find((entry) => entry.projectId === project.id)?.role ?? ''
              }
              options={[{ value: '', label: words.noAdditionalRole }, ...options]}
            />
          ))}
        </fieldset>
      )}
    </>
  );
}

/** The roles that are chosen in the fields. */
export function rolesOf(values: Values, projects: Project[]): Roles {
  return {
    role: (values.optional('role') as Role | undefined) ?? null,
    projects: projects.flatMap((project) => {
      const role = values.optional(fieldOf(project)) as Role | undefined;
      return role ? [{ projectId: project.id, role }] : [];
    }),
  };
}
