import { QueryCache, QueryClient } from '@tanstack/react-query';
import {
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { ApiError } from './api/client';
import { sessionQuery } from './api/session';
import { Frame } from './features/frame/Frame';
import { PageError, PageMissing } from './features/frame/PageError';
import { Login } from './features/login/Login';
import { Overview } from './features/overview/Overview';
import { Workflow } from './features/workflow/Workflow';
import { Workflows } from './features/workflows/Workflows';
import { parseSearch, stringifySearch, validateSearch } from './lib/search';

/** Server state of the page. A 401 from any card means the session is over. */
export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error) => {
      if (!(error instanceof ApiError) || !error.unauthenticated) return;
      void toLogin();
    },
  }),
  defaultOptions: {
    queries: {
      refetchOnWindowFocus: false,
      retry: (failures, error) =>
        failures < 1 &&
        error instanceof ApiError &&
        [0, 429, 502, 503].includes(error.problem.status),
      retryDelay: 1000,
    },
  },
});

/** Leaves for the login, keeping the way back; forgets the session once nothing on screen needs it. */
async function toLogin(): Promise<void> {
  const { pathname, href } = router.latestLocation;
  if (pathname === '/login') return;
  await router.navigate({ to: '/login', search: { to: href }, replace: true });
  queryClient.removeQueries();
}

const root = createRootRoute({ component: Outlet, notFoundComponent: PageMissing });

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: (raw: Record<string, unknown>): { to?: string } => {
    // Only a path of this page: a link to the login must not lead elsewhere.
    const to = typeof raw.to === 'string' && /^\/(?![/\\])/.test(raw.to) ? raw.to : undefined;
    return to ? { to } : {};
  },
  component: Login,
});

const frame = createRoute({
  getParentRoute: () => root,
  id: 'frame',
  validateSearch,
  beforeLoad: async ({ location }) => {
    const session = await queryClient.ensureQueryData(sessionQuery);
    if (session) return;
    const to = location.href === '/' ? undefined : location.href;
    throw redirect({ to: '/login', search: to ? { to } : {}, replace: true });
  },
  component: Frame,
  errorComponent: PageError,
});

const overview = createRoute({ getParentRoute: () => frame, path: '/', component: Overview });
const workflows = createRoute({
  getParentRoute: () => frame,
  path: '/workflows',
  component: Workflows,
});
const workflow = createRoute({
  getParentRoute: () => frame,
  path: '/workflows/$id',
  component: Workflow,
});

export const router = createRouter({
  routeTree: root.addChildren([login, frame.addChildren([overview, workflows, workflow])]),
  parseSearch,
  stringifySearch,
  defaultErrorComponent: PageError,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
  interface HistoryState {
    /** This entry came from dragging over a chart; going back undoes it. */
    zoomed?: boolean;
  }
}
