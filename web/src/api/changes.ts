import { pacedCall, withParameters } from './client';
import type { components } from './schema.gen';

type Schemas = components['schemas'];

/** One change. The API states every field, null where it does not apply; the schema cannot say so. */
export type Change = Required<Omit<Schemas['Change'], 'effect'>> & {
  effect: Required<Schemas['ChangeEffect']>;
};
export type ChangeKind = Schemas['ChangeKind'];
export type Confidence = Schemas['ChangeConfidence'];

/** What changed in a range, apart from how the answer was computed. */
export type Changes = Pick<
  Schemas['Changes'],
  'comparedWith' | 'tested' | 'omitted' | 'notEnoughData' | 'daysWithData' | 'daysNeeded'
> & { changes: Change[] };

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
