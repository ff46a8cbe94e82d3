/** The texts of the first tab: steps at a glance. */
export const overview = {
  mostInStep: 'Most in step',
  steps: {
    title: 'Steps',
    step: 'Step',
    type: 'Type',
    runs: 'Runs',
    success: 'Success rate',
    p50: 'p50',
    p95: 'p95',
    total: 'Total time',
    share: 'Share of time',
    unnamed: 'Unnamed step',
    none: 'No steps of this workflow ran in this range.',
    slowestFirst: 'slowest first',
    fastestFirst: 'fastest first',
    /** How a column of figures or of texts is sorted. */
    order: {
      largest: (column: string) => `by ${column.toLowerCase()}, largest first`,
      smallest: (column: string) => `by ${column.toLowerCase()}, smallest first`,
      fromA: (column: string) => `by ${column.toLowerCase()}, A first`,
      fromZ: (column: string) => `by ${column.toLowerCase()}, Z first`,
    },
  },
};
