import type { Permission, Project, Session } from '@/api/identity';

/** A project in which the session has these permissions. */
export const project = (id: string, permissions: Permission[] = []): Project => ({
  id,
  name: id,
  tenant: { id: 't', name: 'T' },
  environments: [],
  role: null,
  permissions,
});

/** A session with permissions in the organisation, and projects. */
export const session = (permissions: Permission[], projects: Project[] = []): Session => ({
  user: { id: 'u', email: 'a@b.c', name: 'A', secondFactor: false },
  tenant: { id: 't', name: 'T' },
  tenants: [{ id: 't', name: 'T' }],
  role: null,
  permissions,
  projects,
});
