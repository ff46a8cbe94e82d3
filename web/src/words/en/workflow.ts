import type { ReactNode } from 'react';
import { phrase } from '../phrase';
import { errors, grid, steps, versions } from './workflow/runs';
import { overview } from './workflow/overview';
import { funnel } from './workflow/funnel';
import { service } from './workflow/service';

/** The texts of the page of a workflow. */
export const workflow = {
  list: 'Workflows',
  showAll: 'Show all workflows',
  unknown: (project: ReactNode, id: ReactNode) =>
    phrase`Project ${project} has no workflow with the ID ${id}, or you do not have access to it.`,
  navigation: 'Views of this workflow',
  tabs: {
    overview: 'Overview',
    steps: 'Steps',
    map: 'Map',
    grid: 'Grid',
    versions: 'Versions',
    funnel: 'Funnel',
    errors: 'Errors',
    serviceLevel: 'Service level',
    cost: 'Cost',
    executions: 'Executions',
  },
  overview,
  steps,
  grid,
  versions,
  errors,
  funnel,
  service,
};
