import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { call, pacedCall, withParameters } from './client';
import type { components } from './schema.gen';

type Schemas = components['schemas'];

/** A page of the application with its parameters, private or shared with the project. */
export type SavedView = Schemas['SavedView'];
export type SavedViewInput = Schemas['SavedViewInput'];

/** The most views of one answer. */
const MOST = '1000';

async function readAll(projectId: string, signal: AbortSignal): Promise<SavedView[]> {
  const views: SavedView[] = [];
  let cursor: string | undefined;
  do {
    const path = withParameters('/api/v1/views', { projectId, limit: MOST, cursor });
    const page = await pacedCall<Schemas['SavedViews']>('GET', path, undefined, signal);
    views.push(...page.views);
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  return views;
}

/** The views of a project that the user sees: those of everyone, and their own. */
export const savedViewsQuery = (projectId: string) =>
  queryOptions({
    queryKey: ['views', projectId],
    staleTime: 60_000,
    queryFn: ({ signal }) => readAll(projectId, signal),
  });

/** Reads the views of a project again, after one has changed. */
export const refreshViews = (client: QueryClient, projectId: string): Promise<void> =>
  client.invalidateQueries(savedViewsQuery(projectId));

const pathOf = (projectId: string, id: string): string =>
  withParameters(`/api/v1/views/${encodeURIComponent(id)}`, { projectId });

const tagOf = ({ revision }: SavedView): string => `"${revision}"`;

export const saveView = (projectId: string, input: SavedViewInput): Promise<SavedView> =>
  call('POST', withParameters('/api/v1/views', { projectId }), input);

/** Changes a view, unless someone else has changed it since it was read. */
export const changeView = (
  projectId: string,
  view: SavedView,
  change: Partial<SavedViewInput>,
): Promise<SavedView> => {
  const { name, page, shared } = view;
  const input = { name, page, shared, ...change };
  return call('PUT', pathOf(projectId, view.id), input, undefined, tagOf(view));
};

/** Deletes a view, unless someone else has changed it since it was read. */
export const deleteView = (projectId: string, view: SavedView): Promise<void> =>
  call('DELETE', pathOf(projectId, view.id), undefined, undefined, tagOf(view));
