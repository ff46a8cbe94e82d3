import type { Change } from '@/api/changes';

/** A change for tests: a slower step, unless parts say otherwise. */
export function changeOf(parts: Partial<Change> = {}): Change {
  return {
    id: 'a',
    kind: 'step_slower',
    since: '2026-11-20T14:03:00Z',
    until: null,
    ongoing: true,
    workflow: { id: 'invoices', name: 'Invoice capture EMEA' },
    workflows: [{ id: 'invoices', name: 'Invoice capture EMEA' }],
    workflowCount: 1,
    version: '9',
    step: { id: 'extract', name: 'Extract fields', type: 'openai' },
    connector: null,
    model: null,
    errorGroup: null,
    metric: 'step_working_avg',
    unit: 'milliseconds',
    before: 4785,
    after: 29_400,
    ratio: 6.14,
    difference: { value: 24_615, lower: 23_300, upper: 25_900 },
    effect: {
      runs: 812,
      failedRuns: null,
      milliseconds: 19_987_380,
      cost: null,
      perRunMilliseconds: 24_615,
      costPerDay: null,
    },
    samples: { before: 2573, after: 812 },
    confidence: 'certain',
    pValue: 1e-9,
    series: { bucket: 'hour', from: '2026-11-20T12:00:00Z', values: [1, 1, 2, 6, 6, 6] },
    ...parts,
  };
}

const NONE = {
  runs: null,
  failedRuns: null,
  milliseconds: null,
  cost: null,
  perRunMilliseconds: null,
  costPerDay: null,
};

/** A connector that was down for three hours, in several workflows. */
export const OUTAGE = changeOf({
  kind: 'connector_down',
  since: '2026-11-24T09:00:00Z',
  until: '2026-11-24T12:00:00Z',
  ongoing: false,
  workflow: null,
  workflows: [
    { id: 'a', name: 'GDPR erasure APAC' },
    { id: 'b', name: 'Churn watch DACH' },
  ],
  workflowCount: 23,
  version: null,
  step: null,
  connector: 'hubspot',
  metric: 'step_failure_rate',
  unit: 'percent',
  before: 1.1,
  after: 93.4,
  ratio: 85,
  difference: { value: 92.3, lower: 86.1, upper: 96 },
  effect: { ...NONE, runs: 96, failedRuns: 90 },
});

/** A day on which a model cost more, in the workflows of one family. */
export const SPIKE = changeOf({
  kind: 'cost_spike',
  since: '2026-11-18T00:00:00Z',
  until: '2026-11-19T00:00:00Z',
  ongoing: false,
  workflow: null,
  workflows: ['APAC', 'EMEA'].map((region) => ({
    id: `ticket-triage-${region.toLowerCase()}`,
    name: `Ticket triage ${region}`,
  })),
  workflowCount: 2,
  version: null,
  step: null,
  model: 'o1',
  metric: 'cost_per_day',
  unit: 'usd',
  before: 0.9,
  after: 45,
  ratio: 50,
  difference: null,
  effect: { ...NONE, cost: 44.1, costPerDay: 44.1 },
  series: { bucket: 'day', from: '2026-11-16T00:00:00Z', values: [1, 1, 45, 1] },
});

/** A workflow that fell silent. */
export const SILENCE = changeOf({
  kind: 'workflow_silent',
  step: null,
  version: null,
  metric: 'executions_per_day',
  unit: 'count',
  before: 24,
  after: 0,
  ratio: 0,
  difference: null,
  effect: { ...NONE, runs: 33 },
});
