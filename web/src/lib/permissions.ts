import type { Permission, Project, Role, Session } from '@/api/identity';

/** The roles and what they allow, most powerful first. */
export const ROLES: { id: Role; label: string; does: string }[] = [
  {
    id: 'owner',
    label: 'Owner',
    does: 'everything, including the identity provider and other owners',
  },
  {
    id: 'admin',
    label: 'Admin',
    does: 'manages people, projects, keys, privacy and all other settings',
  },
  {
    id: 'builder',
    label: 'Builder',
    does: 'reads everything, sees who users are, changes analysis settings',
  },
  { id: 'analyst', label: 'Analyst', does: 'reads everything and creates segments' },
  { id: 'viewer', label: 'Viewer', does: 'reads everything and changes nothing' },
];

/** The label of a role. */
export function roleName(role: Role | null): string {
  return ROLES.find((entry) => entry.id === role)?.label ?? 'No role';
}

/** Whether the session has a permission in the whole organisation. */
export function permits(session: Session, permission: Permission): boolean {
  return session.permissions.includes(permission);
}

/** Whether the session has a permission in a project, from its role in the organisation or in the project. */
export function permitsIn(session: Session, project: Project, permission: Permission): boolean {
  return permits(session, permission) || project.permissions.includes(permission);
}

/** The projects in which the session has a permission. */
export function projectsWith(session: Session, permission: Permission): Project[] {
  return session.projects.filter((project) => permitsIn(session, project, permission));
}

/** The roles that the session may grant and revoke: owner only if it may manage the organisation. */
export function grantable(session: Session): Role[] {
  const all = ROLES.map((role) => role.id);
  return permits(session, 'manage_tenant') ? all : all.filter((role) => role !== 'owner');
}
