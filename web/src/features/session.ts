import { useSuspenseQuery } from '@tanstack/react-query';
import type { Permission, Project, Session } from '@/api/identity';
import { sessionQuery } from '@/api/session';
import { permitsIn } from '@/lib/permissions';

/** The session of the person at the page. Only inside the frame, which nobody enters without one. */
export function useSession(): Session {
  const { data } = useSuspenseQuery(sessionQuery);
  if (!data) throw new Error('Nobody is logged in.');
  return data;
}

/** Whether the person may do something in a project. */
export function useMay(project: Project, permission: Permission): boolean {
  return permitsIn(useSession(), project, permission);
}
