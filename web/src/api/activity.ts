import { call, pacedCall, withParameters } from './client';
import type { components } from './schema.gen';

type Schemas = components['schemas'];

export type ActivityReport = Schemas['ActivityReport'];
export type FeatureUse = Schemas['FeatureUse'];
export type EngagementReport = Schemas['EngagementReport'];
export type ActiveDay = Schemas['ActiveDay'];
export type EngagementRule = Schemas['RuleView'];
export type ScoredUser = Schemas['ScoredUser'];
export type UserActivity = Schemas['UserActivityReport'];
export type TrailEntry = Schemas['TrailEntry'];
export type UserSession = Schemas['UserSession'];

/** Where activity is read. */
export const ACTIVITY = '/api/v1/analytics/activity';

/** What part of a project a list is about; absent parameters do not limit it. */
export interface ActivityFrame {
  environment?: string;
  timezone?: string;
  workflowId?: string;
  /** RFC 3339. */
  from: string;
  to: string;
}

/** How many rows a page of users or of a trail has. */
export const PAGE_ROWS = 50;

const readPage = <T>(
  path: string,
  projectId: string,
  parameters: Record<string, string | undefined>,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<T> =>
  pacedCall(
    'GET',
    withParameters(path, { projectId, ...parameters, cursor, limit: PAGE_ROWS }),
    undefined,
    signal,
  );

/** Users by their engagement, the highest score first, with the rule and a summary of all scores. */
export const readEngagement = (
  projectId: string,
  frame: ActivityFrame,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<EngagementReport> =>
  readPage(`${ACTIVITY}/engagement`, projectId, { ...frame }, cursor, signal);

/** The most users that one answer has. */
const MOST_USERS = 1000;

/** As many users at once as the API gives, to rank them by another rule. */
export const readAllEngagement = (
  projectId: string,
  frame: ActivityFrame,
  signal: AbortSignal,
): Promise<EngagementReport> =>
  pacedCall(
    'GET',
    withParameters(`${ACTIVITY}/engagement`, { projectId, ...frame, limit: MOST_USERS }),
    undefined,
    signal,
  );

/** Replaces the weights and targets of a project. */
export const saveRule = (
  projectId: string,
  rule: Pick<EngagementRule, 'weights' | 'targets'>,
): Promise<EngagementRule> =>
  call('PUT', withParameters(`${ACTIVITY}/engagement/rule`, { projectId }), rule);

/** The sessions of a user, newest first. */
export const readSessions = (
  projectId: string,
  user: string,
  frame: ActivityFrame,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<Schemas['UserSessions']> =>
  readPage(
    `${ACTIVITY}/users/${encodeURIComponent(user)}/sessions`,
    projectId,
    { ...frame },
    cursor,
    signal,
  );

/** What a user did, newest first. */
export const readTrail = (
  projectId: string,
  frame: ActivityFrame & { userId: string },
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<Schemas['TrailReport']> =>
  readPage(`${ACTIVITY}/trail`, projectId, { ...frame }, cursor, signal);

export type Retention = Schemas['RetentionReport'];
/** A question about retention; what is left out has its default. */
export type RetentionRequest = Partial<Schemas['RetentionRequest']>;

/** How many users came back, by when they started. */
export const readRetention = (
  projectId: string,
  request: RetentionRequest,
  signal: AbortSignal,
): Promise<Retention> =>
  pacedCall('POST', withParameters('/api/v1/analytics/retention', { projectId }), request, signal);
