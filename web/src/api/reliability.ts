import type { components } from './schema.gen';

type Schemas = components['schemas'];

export type ServiceOverview = Schemas['Overview'];
export type DocumentReport = Schemas['DocumentReport'];
export type QueueReport = Schemas['QueueReport'];
/** Every service level of a project, the one that runs out of error budget first on top. */
export type Standings = Schemas['SliStandings'];
/** A service level that is to be kept: of a workflow, or of the whole project. */
export type Objective = Schemas['SliStanding'];

/** Where the figures of service levels are read. */
export const WORKFLOW_ANALYTICS = '/api/workflow-analytics';
