import { queryOptions } from '@tanstack/react-query';
import { call, pacedCall, withParameters } from './client';
import type { components } from './schema.gen';

type Schemas = components['schemas'];

export type Segment = Schemas['SegmentView'];
export type SegmentInput = Schemas['SegmentInput'];
export type SegmentDefinition = Schemas['SegmentDefinition'];
export type SegmentCondition = Schemas['ConditionDefinition'];
export type SegmentMembers = Schemas['Members'];

const SEGMENTS = '/api/v1/analytics/segments';
const one = (id: string): string => `${SEGMENTS}/${encodeURIComponent(id)}`;

/** What is known about the segments of a project: their definitions, and who is a member. */
export const segmentsKey = (projectId: string): string[] => ['segments', projectId];

export const segmentsQuery = (projectId: string) =>
  queryOptions({
    queryKey: [...segmentsKey(projectId), 'list'],
    staleTime: 60_000,
    queryFn: ({ signal }) =>
      pacedCall<Schemas['Segments']>(
        'GET',
        withParameters(SEGMENTS, { projectId }),
        undefined,
        signal,
      ),
  });

/** A page of the current members of a segment. */
export const readMembers = (
  projectId: string,
  id: string,
  limit: number,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<SegmentMembers> =>
  pacedCall(
    'GET',
    withParameters(`${one(id)}/members`, { projectId, limit, cursor }),
    undefined,
    signal,
  );

/** The members that a definition has, without storing it. */
export const previewMembers = (
  projectId: string,
  definition: SegmentDefinition,
  limit: number,
  signal: AbortSignal,
): Promise<SegmentMembers> =>
  pacedCall(
    'POST',
    withParameters(`${SEGMENTS}/preview`, { projectId, limit }),
    definition,
    signal,
  );

/** Stores a segment: a new one without an id. */
export const saveSegment = (
  projectId: string,
  id: string | undefined,
  input: SegmentInput,
): Promise<Segment> =>
  call(id ? 'PUT' : 'POST', withParameters(id ? one(id) : SEGMENTS, { projectId }), input);

export const deleteSegment = (projectId: string, id: string): Promise<void> =>
  call('DELETE', withParameters(one(id), { projectId }));
