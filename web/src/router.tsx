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
import { Board } from './features/frame/Board';
import { Frame } from './features/frame/Frame';
import { enter, leaveApplication, prepare } from './features/preferences/entry';
import { FrameError, PageError, PageMissing } from './features/frame/PageError';
import { Overview } from './features/overview/Overview';
import { connectorsSearch } from './features/connectors/search';
import { costsSearch } from './features/costs/search';
import { annotationsSearch } from './features/annotations/search';
import { activitySearch } from './features/activity/search';
import { reliabilitySearch } from './features/reliability/search';
import {
  compareSearch,
  listSearch as executionsSearch,
  oneSearch,
} from './features/executions/search';
import { errorsSearch } from './features/errors/search';
import { exploreSearch } from './features/explore/search';
import { overviewSearch } from './features/overview/search';
import { listSearch } from './features/workflows/search';
import { lazyPage } from './lib/lazyPage';
import { loginSearch, parseSearch, stringifySearch, validateSearch } from './lib/search';
import { settingsRoutes } from './routes/settings';
import { workflowRoutes } from './routes/workflow';

/** The page's server state. If any query is refused as unauthenticated, the session has ended. */
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

/** Goes to the login page, keeping the address to return to; clears the cache once nothing on screen needs it. */
async function toLogin(): Promise<void> {
  const { pathname, href } = router.latestLocation;
  if (pathname === '/login') return;
  await router.navigate({ to: '/login', search: { to: href }, replace: true });
  queryClient.removeQueries();
}

// Only the overview and the frame are part of the initial load.
const activityPages = () => import('./features/activity/pages');
const annotationPages = () => import('./features/annotations/pages');
const loginPage = () => import('./features/auth/Login');
const authPages = () => import('./features/auth/pages');
const connectorPages = () => import('./features/connectors/pages');
const costPages = () => import('./features/costs/Costs');
const errorPages = () => import('./features/errors/pages');
const executionPages = () => import('./features/executions/pages');
const explorePages = () => import('./features/explore/Explore');
const reliabilityPages = () => import('./features/reliability/Reliability');
const listPages = () => import('./features/workflows/pages');

const root = createRootRoute({ component: Outlet, notFoundComponent: PageMissing });

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: loginSearch,
  beforeLoad: leaveApplication,
  component: lazyPage(loginPage, 'Login'),
});

const beforeLogin = { getParentRoute: () => root };
const setup = createRoute({
  ...beforeLogin,
  path: '/setup',
  component: lazyPage(authPages, 'Setup'),
});
const forgotten = createRoute({
  ...beforeLogin,
  path: '/forgotten',
  component: lazyPage(authPages, 'ForgotPassword'),
});
const reset = createRoute({
  ...beforeLogin,
  path: '/reset',
  component: lazyPage(authPages, 'ResetPassword'),
});
const invitation = createRoute({
  ...beforeLogin,
  path: '/invitation',
  component: lazyPage(authPages, 'Invitation'),
});

const frame = createRoute({
  getParentRoute: () => root,
  id: 'frame',
  validateSearch,
  beforeLoad: async ({ location }) => {
    prepare(queryClient, location.href);
    const session = await queryClient.ensureQueryData(sessionQuery);
    if (session) {
      const start = await enter(queryClient, session, location.href);
      if (start) throw redirect({ href: start, replace: true });
      return;
    }
    const to = location.href === '/' ? undefined : location.href;
    throw redirect({ to: '/login', search: to ? { to } : {}, replace: true });
  },
  component: Frame,
  errorComponent: FrameError,
});

const board = createRoute({ getParentRoute: () => frame, id: 'board', component: Board });
const onBoard = { getParentRoute: () => board };
export type FrameRoute = typeof frame;
export type BoardRoute = typeof board;

const overview = createRoute({
  ...onBoard,
  path: '/',
  validateSearch: overviewSearch,
  component: Overview,
});
const workflows = createRoute({
  ...onBoard,
  path: '/workflows',
  validateSearch: listSearch,
  component: lazyPage(listPages, 'Workflows'),
});
// An address that other systems know.
const projectAnalytics = createRoute({
  ...onBoard,
  path: '/projects/$project/analytics',
  beforeLoad: ({ params, search }) => {
    throw redirect({ to: '/', search: { ...search, project: params.project }, replace: true });
  },
});
const executions = createRoute({
  ...onBoard,
  path: '/executions',
  validateSearch: executionsSearch,
  component: lazyPage(executionPages, 'ExecutionList'),
});
const comparison = createRoute({
  ...onBoard,
  path: '/executions/compare',
  validateSearch: compareSearch,
  staticData: { timeless: true },
  component: lazyPage(executionPages, 'Compare'),
});
const execution = createRoute({
  ...onBoard,
  path: '/executions/$execution',
  validateSearch: oneSearch,
  staticData: { timeless: true },
  component: lazyPage(executionPages, 'Execution'),
});
const errors = createRoute({
  ...onBoard,
  path: '/errors',
  validateSearch: errorsSearch,
  component: lazyPage(errorPages, 'ErrorGroups'),
});
const errorRules = createRoute({
  ...onBoard,
  path: '/errors/rules',
  staticData: { timeless: true },
  component: lazyPage(errorPages, 'ErrorRules'),
});
const errorGroup = createRoute({
  ...onBoard,
  path: '/errors/$group',
  component: lazyPage(errorPages, 'ErrorGroup'),
});
const connectors = createRoute({
  ...onBoard,
  path: '/connectors',
  validateSearch: connectorsSearch,
  component: lazyPage(connectorPages, 'Connectors'),
});
const connector = createRoute({
  ...onBoard,
  path: '/connectors/$stepType',
  validateSearch: connectorsSearch,
  component: lazyPage(connectorPages, 'Connector'),
});
const costs = createRoute({
  ...onBoard,
  path: '/costs',
  validateSearch: costsSearch,
  component: lazyPage(costPages, 'Costs'),
});
const activity = createRoute({
  ...onBoard,
  path: '/activity',
  component: lazyPage(activityPages, 'Activity'),
});
const ofActivity = { getParentRoute: () => activity };
const activityTabs = [
  createRoute({
    ...ofActivity,
    path: '/',
    validateSearch: activitySearch.users,
    component: lazyPage(activityPages, 'UsersTab'),
  }),
  createRoute({
    ...ofActivity,
    path: 'engagement',
    component: lazyPage(activityPages, 'EngagementTab'),
  }),
  createRoute({
    ...ofActivity,
    path: 'retention',
    validateSearch: activitySearch.retention,
    component: lazyPage(activityPages, 'RetentionTab'),
  }),
  createRoute({
    ...ofActivity,
    path: 'segments',
    // Each condition of a segment has a range of its own.
    staticData: { timeless: true },
    validateSearch: activitySearch.segments,
    component: lazyPage(activityPages, 'SegmentsTab'),
  }),
];
const reliability = createRoute({
  ...onBoard,
  path: '/reliability',
  // Service levels have windows of their own.
  staticData: { timeless: true },
  validateSearch: reliabilitySearch,
  component: lazyPage(reliabilityPages, 'Reliability'),
});
const activityUser = createRoute({
  ...onBoard,
  path: '/activity/users/$user',
  component: lazyPage(activityPages, 'UserPage'),
});

const explore = createRoute({
  ...onBoard,
  path: '/explore',
  validateSearch: exploreSearch,
  component: lazyPage(explorePages, 'Explore'),
});

const annotations = createRoute({
  ...onBoard,
  path: '/annotations',
  validateSearch: annotationsSearch,
  component: lazyPage(annotationPages, 'Annotations'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    login,
    setup,
    forgotten,
    reset,
    invitation,
    frame.addChildren([
      board.addChildren([
        overview,
        projectAnalytics,
        workflows,
        workflowRoutes(board),
        executions,
        comparison,
        execution,
        errors,
        errorRules,
        errorGroup,
        connectors,
        connector,
        costs,
        activity.addChildren(activityTabs),
        activityUser,
        reliability,
        explore,
        annotations,
      ]),
      settingsRoutes(frame),
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
  interface StaticDataRouteOption {
    /** The page shows no range: its bar offers neither range nor what depends on one. */
    timeless?: boolean;
  }
  interface HistoryState {
    /** This entry was created by zooming into a chart; going back undoes it. */
    zoomed?: boolean;
  }
}
