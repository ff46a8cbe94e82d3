import { pacedCall, withParameters } from './client';
import type { components } from './schema.gen';

type Schemas = components['schemas'];

/** One change; fields that do not apply are null. */
export type Change = Schemas['Change'];
export type ChangeKind = Schemas['ChangeKind'];
export type Confidence = Schemas['ChangeConfidence'];

/** What changed in a range. */
export type Changes = Schemas['Changes'];

/** The parameters of a request for changes. */
export interface ChangesFrame {
  from: string;
  to: string;
  timezone: string;
  environment: string | undefined;
  workflowId: string | undefined;
  limit: number;
}

/** What changed in a range. */
export const readChanges = (
  projectId: string,
  frame: ChangesFrame,
  signal: AbortSignal,
): Promise<Changes> =>
  pacedCall(
    'GET',
    withParameters('/api/v1/analytics/changes', { projectId, ...frame }),
    undefined,
    signal,
  );
