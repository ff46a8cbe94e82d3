/** The words of the cards that Overview and a workflow share. */
export const board = {
  keyFigures: 'Key figures',
  moreFigures: 'More figures',
  drawOverTime: (figure: string) => `${figure}. Draw over time`,
  per: (bucket: string) => `per ${bucket}`,
  executions: {
    title: 'Executions',
    label: 'Executions over time by status',
    by: 'by status',
    empty: 'No executions in this range.',
  },
  durations: {
    title: 'Duration',
    label: 'Duration of executions, p50 and p95, over time',
    by: 'p50 and p95',
    empty: 'No executions with a duration finished in this range.',
    p50: 'half were faster',
    p95: '19 of 20 were faster',
  },
  overTime: (figure: string) => `${figure} over time`,
  executionsBehind: (figure: string) => `${figure}: show the executions`,
  noFigure: 'This figure has no values in this range.',
};
