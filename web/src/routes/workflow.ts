import { createRoute, redirect } from '@tanstack/react-router';
import { mapSearch } from '../features/processmap/search';
import { tabSearch } from '../features/workflow/search';
import { lazyPage } from '../lib/lazyPage';
import type { BoardRoute } from '../router';

const processMapPages = () => import('../features/processmap/ProcessMap');
const workflowFrame = () => import('../features/workflow/frame');
const workflowPages = () => import('../features/workflow/pages');

/** The page of one workflow, with its views. */
export function workflowRoutes(board: BoardRoute) {
  const onBoard = { getParentRoute: () => board };
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
  // An address that other systems know.
  const workflowAnalytics = createRoute({
    ...ofWorkflow,
    path: 'analytics',
    beforeLoad: ({ params, search }) => {
      throw redirect({ to: '/workflows/$id/funnel', params, search, replace: true });
    },
  });
  return workflow.addChildren([
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
  ]);
}
