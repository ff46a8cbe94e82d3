import type { Permission, Project, Role, Session } from '@/api/identity';
import { accounts as words } from '@/words';

/** The roles, most powerful first. */
export const ROLES: Role[] = ['owner', 'admin', 'builder', 'analyst', 'viewer'];

/** The label of a role. */
export function roleName(role: Role | null): string {
  return role === null ? words.noRole : (words.roles[role] ?? words.noRole);
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
  return permits(session, 'manage_tenant') ? ROLES : ROLES.filter((role) => role !== 'owner');
}
