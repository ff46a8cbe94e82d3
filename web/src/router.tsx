import { QueryCache, QueryClient } from '@tanstack/react-query';
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { ApiError } from './api/client';
import { sessionQuery } from './api/session';
import { Forgotten } from './features/door/Forgotten';
import { Invitation } from './features/door/Invitation';
import { Login } from './features/door/Login';
import { Reset } from './features/door/Reset';
import { Setup } from './features/door/Setup';
import { Board } from './features/frame/Board';
import { Frame } from './features/frame/Frame';
import { PageError, PageMissing } from './features/frame/PageError';
import { Overview } from './features/overview/Overview';
import { auditSearch } from './features/settings/audit/search';
import { Settings, SettingsList } from './features/settings/Settings';
import { Workflow } from './features/workflow/Workflow';
import { Workflows } from './features/workflows/Workflows';
import { loginSearch, parseSearch, stringifySearch, validateSearch } from './lib/search';

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
        failures < 1 && error instanceof ApiError && [0, 502, 503].includes(error.problem.status),
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

// What few need at first is not part of the first load.
const errorPages = () => import('./features/errors/pages');
const settingsPages = () => import('./features/settings/pages');

const root = createRootRoute({ component: Outlet, notFoundComponent: PageMissing });

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: loginSearch,
  component: Login,
});

const door = { getParentRoute: () => root };
const setup = createRoute({ ...door, path: '/setup', component: Setup });
const forgotten = createRoute({ ...door, path: '/forgotten', component: Forgotten });
const reset = createRoute({ ...door, path: '/reset', component: Reset });
const invitation = createRoute({ ...door, path: '/invitation', component: Invitation });

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

const board = createRoute({ getParentRoute: () => frame, id: 'board', component: Board });
const onBoard = { getParentRoute: () => board };
const overview = createRoute({ ...onBoard, path: '/', component: Overview });
const workflows = createRoute({ ...onBoard, path: '/workflows', component: Workflows });
const workflow = createRoute({ ...onBoard, path: '/workflows/$id', component: Workflow });
const errors = createRoute({
  ...onBoard,
  path: '/errors',
  component: lazyRouteComponent(errorPages, 'ErrorGroups'),
});
const errorRules = createRoute({
  ...onBoard,
  path: '/errors/rules',
  component: lazyRouteComponent(errorPages, 'ErrorRules'),
});
const errorGroup = createRoute({
  ...onBoard,
  path: '/errors/$group',
  component: lazyRouteComponent(errorPages, 'ErrorGroup'),
});

const settings = createRoute({
  getParentRoute: () => frame,
  path: '/settings',
  component: Settings,
});
const inSettings = { getParentRoute: () => settings };
const list = createRoute({ ...inSettings, path: '/', component: SettingsList });
const profile = createRoute({
  ...inSettings,
  path: 'profile',
  component: lazyRouteComponent(settingsPages, 'Profile'),
});
const people = createRoute({
  ...inSettings,
  path: 'people',
  component: lazyRouteComponent(settingsPages, 'People'),
});
const projects = createRoute({
  ...inSettings,
  path: 'projects',
  component: lazyRouteComponent(settingsPages, 'Projects'),
});
const keys = createRoute({
  ...inSettings,
  path: 'keys',
  component: lazyRouteComponent(settingsPages, 'ApiKeys'),
});
const prices = createRoute({
  ...inSettings,
  path: 'prices',
  component: lazyRouteComponent(settingsPages, 'Prices'),
});
const redaction = createRoute({
  ...inSettings,
  path: 'redaction',
  component: lazyRouteComponent(settingsPages, 'Redaction'),
});
const privacy = createRoute({
  ...inSettings,
  path: 'privacy',
  component: lazyRouteComponent(settingsPages, 'Privacy'),
});
const provider = createRoute({
  ...inSettings,
  path: 'identity-provider',
  component: lazyRouteComponent(settingsPages, 'IdentityProviderPage'),
});
const audit = createRoute({
  ...inSettings,
  path: 'audit',
  validateSearch: auditSearch,
  component: lazyRouteComponent(settingsPages, 'AuditLog'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    login,
    setup,
    forgotten,
    reset,
    invitation,
    frame.addChildren([
      board.addChildren([overview, workflows, workflow, errors, errorRules, errorGroup]),
      settings.addChildren([
        list,
        profile,
        people,
        projects,
        keys,
        prices,
        redaction,
        privacy,
        provider,
        audit,
      ]),
    ]),
  ]),
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
