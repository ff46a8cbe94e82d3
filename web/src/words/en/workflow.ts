/** The texts of the page of a workflow. */
export const workflow = {
  list: 'Workflows',
  showAll: 'Show all workflows',
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
};
