import { useSuspenseQuery } from '@tanstack/react-query';
import type { Permission, Project, Session } from '@/api/identity';
import { sessionQuery } from '@/api/session';
import { permitsIn } from '@/lib/permissions';
import { accounts as words } from '@/words';

/** The session of the user. Only for use inside the frame, which requires a session. */
export function useSession(): Session {
  const { data } = useSuspenseQuery(sessionQuery);
  if (!data) throw new Error(words.noOneLoggedIn);
  return data;
}

/** Whether the user has a permission in a project. */
export function usePermission(project: Project, permission: Permission): boolean {
  return permitsIn(useSession(), project, permission);
}
