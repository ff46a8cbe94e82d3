/** The statuses of executions, by the metric that counts each. */
export const statuses = {
  completed: 'Completed',
  failed: 'Failed',
  crashed: 'Crashed',
  canceled: 'Canceled',
  waiting: 'Waiting',
  running: 'Started',
};
