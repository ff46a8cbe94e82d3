import type { components } from './schema.gen';

type Schemas = components['schemas'];

export type ServiceOverview = Schemas['Overview'];
export type DocumentReport = Schemas['DocumentReport'];
export type QueueReport = Schemas['QueueReport'];

/** Where the figures of service levels are read. */
export const WORKFLOW_ANALYTICS = '/api/workflow-analytics';
