import { call, pacedCall, withParameters } from './client';
import type { components } from './schema.gen';

type Schemas = components['schemas'];

export type WorkflowSteps = Schemas['WorkflowSteps'];
export type StepFigures = Schemas['StepFigures'];
export type Enrolment = Schemas['WorkflowAnalytics'];
export type Funnel = Schemas['WorkflowFunnel'];
export type WorkflowActions = Schemas['WorkflowActions'];
export type ServiceLevel = Schemas['SliReport'];
export type ServiceSeries = Schemas['Timeseries'];
export type Grid = Schemas['WorkflowGrid'];
export type Versions = Schemas['WorkflowVersions'];

/** Parameters of a read; those without a value are left out. */
export type Parameters = Record<string, string | number | undefined>;

/** Reads figures. */
export const readFigures = <T>(
  path: string,
  projectId: string,
  parameters: Parameters,
  signal: AbortSignal,
): Promise<T> =>
  pacedCall('GET', withParameters(path, { projectId, ...parameters }), undefined, signal);

/** Sets the service level target of a workflow. */
export const saveTarget = (target: Schemas['SliConfigInput']): Promise<unknown> =>
  call('POST', '/api/workflow-analytics/sli-config', target);
