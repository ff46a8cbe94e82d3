import type { Permission, Project, Role, Session } from '@/api/identity';

/** The roles with what they are for, the most powerful first. */
export const ROLES: { id: Role; label: string; does: string }[] = [
  { id: 'owner', label: 'Owner', does: 'everything, also the identity provider and other owners' },
  { id: 'admin', label: 'Admin', does: 'people, projects, keys, privacy and all settings' },
  { id: 'builder', label: 'Builder', does: 'reads, sees real users, changes settings of analysis' },
  { id: 'analyst', label: 'Analyst', does: 'reads everything and makes segments' },
  { id: 'viewer', label: 'Viewer', does: 'reads everything and changes nothing' },
];

/** What a role is called. */
export function roleName(role: Role | null): string {
  return ROLES.find((entry) => entry.id === role)?.label ?? 'No role';
}

/** Whether the session may do something in the whole organisation. */
export function permits(session: Session, permission: Permission): boolean {
  return session.permissions.includes(permission);
}

/** Whether the session may do something in a project: what the organisation's role or the project's grants. */
export function permitsIn(session: Session, project: Project, permission: Permission): boolean {
  return permits(session, permission) || project.permissions.includes(permission);
}

/** The projects in which the session may do something. */
export function projectsWith(session: Session, permission: Permission): Project[] {
  return session.projects.filter((project) => permitsIn(session, project, permission));
}

/** The roles that a session may give and take: only who may change the organisation makes owners. */
export function grantable(session: Session): Role[] {
  const all = ROLES.map((role) => role.id);
  return permits(session, 'manage_tenant') ? all : all.filter((role) => role !== 'owner');
}
