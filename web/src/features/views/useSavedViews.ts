import { useQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Project } from '@/api/identity';
import { savedViewsQuery, type SavedView } from '@/api/savedViews';
import { pageOf, type SavedPage } from '@/lib/savedPage';
import { useSession } from '../session';
import { projectOf, usePageSearch } from '../view';
import { inOrder } from './order';

/** The project of the page, if the user has one. */
export function usePageProject(): Project | undefined {
  const { project } = usePageSearch();
  return projectOf(useSession().projects, project);
}

/** The saved views of the page's project; none while they are unknown. */
export function useSavedViews(project: Project | undefined) {
  const query = useQuery({
    ...savedViewsQuery(project?.id ?? ''),
    enabled: project !== undefined,
  });
  const { data } = query;
  const views = useMemo((): SavedView[] => inOrder(data ?? []), [data]);
  return { views, query };
}

/** The page on screen, as it would be saved. */
export function useShownPage(): SavedPage {
  const address = useLocation({ select: (location) => location.publicHref });
  return useMemo(() => pageOf(address), [address]);
}
