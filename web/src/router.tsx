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
import { mapSearch } from './features/processmap/search';
import { auditSearch } from './features/settings/audit/search';
import { tabSearch } from './features/workflow/search';
import { listSearch } from './features/workflows/search';
import { lazyPage } from './lib/lazyPage';
import { loginSearch, parseSearch, stringifySearch, validateSearch } from './lib/search';

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
const processMapPages = () => import('./features/processmap/ProcessMap');
const reliabilityPages = () => import('./features/reliability/Reliability');
const settingsPages = () => import('./features/settings/Settings');
const workflowFrame = () => import('./features/workflow/frame');
const workflowPages = () => import('./features/workflow/pages');
const listPages = () => import('./features/workflows/pages');

const root = createRootRoute({ component: Outlet, notFoundComponent: PageMissing });

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: loginSearch,
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
    const session = await queryClient.ensureQueryData(sessionQuery);
    if (session) return;
    const to = location.href === '/' ? undefined : location.href;
    throw redirect({ to: '/login', search: to ? { to } : {}, replace: true });
  },
  component: Frame,
  errorComponent: FrameError,
});

const board = createRoute({ getParentRoute: () => frame, id: 'board', component: Board });
const onBoard = { getParentRoute: () => board };
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
const workflow = createRoute({
  ...onBoard,
  path: '/workflows/$id',
  component: lazyPage(workflowFrame, 'Workflow'),
});
const ofWorkflow = { getParentRoute: () => workflow };
const workflowOverview = createRoute({
  ...ofWorkflow,
  path: '/',
  component: lazyPage(workflowFrame, 'OverviewTab'),
});
const workflowSteps = createRoute({
  ...ofWorkflow,
  path: 'steps',
  validateSearch: tabSearch.steps,
  component: lazyPage(workflowPages, 'StepsTab'),
});
const workflowGrid = createRoute({
  ...ofWorkflow,
  path: 'grid',
  validateSearch: tabSearch.grid,
  component: lazyPage(workflowPages, 'GridTab'),
});
const workflowVersions = createRoute({
  ...ofWorkflow,
  path: 'versions',
  validateSearch: tabSearch.versions,
  component: lazyPage(workflowPages, 'VersionsTab'),
});
const workflowFunnel = createRoute({
  ...ofWorkflow,
  path: 'funnel',
  validateSearch: tabSearch.funnel,
  component: lazyPage(workflowPages, 'FunnelTab'),
});
const workflowErrors = createRoute({
  ...ofWorkflow,
  path: 'errors',
  component: lazyPage(workflowPages, 'ErrorsTab'),
});
const workflowService = createRoute({
  ...ofWorkflow,
  path: 'service-level',
  validateSearch: tabSearch.service,
  component: lazyPage(workflowPages, 'ServiceTab'),
});
const workflowCost = createRoute({
  ...ofWorkflow,
  path: 'cost',
  validateSearch: tabSearch.cost,
  component: lazyPage(workflowPages, 'CostTab'),
});
const workflowMap = createRoute({
  ...ofWorkflow,
  path: 'map',
  validateSearch: mapSearch,
  component: lazyPage(processMapPages, 'ProcessMap'),
});
// Addresses that other systems know.
const workflowAnalytics = createRoute({
  ...ofWorkflow,
  path: 'analytics',
  beforeLoad: ({ params, search }) => {
    throw redirect({ to: '/workflows/$id/funnel', params, search, replace: true });
  },
});
const projectAnalytics = createRoute({
  ...onBoard,
  path: '/projects/$project/analytics',
  beforeLoad: ({ params, search }) => {
    throw redirect({ to: '/', search: { ...search, project: params.project }, replace: true });
  },
});
const workflowTabs = [
  workflowOverview,
  workflowSteps,
  workflowMap,
  workflowGrid,
  workflowVersions,
  workflowFunnel,
  workflowErrors,
  workflowService,
  workflowCost,
  workflowAnalytics,
];
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

const settings = createRoute({
  getParentRoute: () => frame,
  path: '/settings',
  component: lazyPage(settingsPages, 'Settings'),
});
const inSettings = { getParentRoute: () => settings };
const list = createRoute({
  ...inSettings,
  path: '/',
  component: lazyPage(settingsPages, 'SettingsList'),
});
const profile = createRoute({
  ...inSettings,
  path: 'profile',
  component: lazyPage(() => import('./features/settings/profile/Profile'), 'Profile'),
});
const people = createRoute({
  ...inSettings,
  path: 'people',
  component: lazyPage(() => import('./features/settings/people/People'), 'People'),
});
const projects = createRoute({
  ...inSettings,
  path: 'projects',
  component: lazyPage(() => import('./features/settings/Projects'), 'Projects'),
});
const keys = createRoute({
  ...inSettings,
  path: 'keys',
  component: lazyPage(() => import('./features/settings/keys/ApiKeys'), 'ApiKeys'),
});
const prices = createRoute({
  ...inSettings,
  path: 'prices',
  component: lazyPage(() => import('./features/settings/Prices'), 'Prices'),
});
const redaction = createRoute({
  ...inSettings,
  path: 'redaction',
  component: lazyPage(() => import('./features/settings/Redaction'), 'Redaction'),
});
const privacy = createRoute({
  ...inSettings,
  path: 'privacy',
  component: lazyPage(() => import('./features/settings/Privacy'), 'Privacy'),
});
const provider = createRoute({
  ...inSettings,
  path: 'identity-provider',
  component: lazyPage(
    () => import('./features/settings/IdentityProviderPage'),
    'IdentityProviderPage',
  ),
});
const audit = createRoute({
  ...inSettings,
  path: 'audit',
  validateSearch: auditSearch,
  component: lazyPage(() => import('./features/settings/audit/AuditLog'), 'AuditLog'),
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
        workflow.addChildren(workflowTabs),
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
  interface StaticDataRouteOption {
    /** The page shows no range: its bar offers neither range nor what depends on one. */
    timeless?: boolean;
  }
  interface HistoryState {
    /** This entry was created by zooming into a chart; going back undoes it. */
    zoomed?: boolean;
  }
}
