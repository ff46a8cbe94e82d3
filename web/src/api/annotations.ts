import { call, pacedCall, withParameters } from './client';
import type { components } from './schema.gen';

type Schemas = components['schemas'];

/** A release, an incident or a note on the timeline of a project. */
export type Annotation = Schemas['Annotation'];
export type AnnotationInput = Schemas['AnnotationInput'];
export type AnnotationKind = Schemas['AnnotationKind'];
export type AnnotationPage = Schemas['AnnotationPage'];

export const ANNOTATION_KINDS = ['release', 'incident', 'note'] as const;

/** As many as the API lists at once. */
export const MOST_ANNOTATIONS = 1000;

const at = (projectId: string, id?: string): string =>
  withParameters(`/api/v1/annotations${id === undefined ? '' : `/${encodeURIComponent(id)}`}`, {
    projectId,
  });

/** The annotations that overlap a range, those that start last first. */
export const readAnnotations = (
  projectId: string,
  parameters: Record<string, string | undefined>,
  signal: AbortSignal,
): Promise<AnnotationPage> =>
  pacedCall(
    'GET',
    withParameters('/api/v1/annotations', {
      projectId,
      ...parameters,
      limit: MOST_ANNOTATIONS,
    }),
    undefined,
    signal,
  );

/** One annotation. */
export const readAnnotation = (
  projectId: string,
  id: string,
  signal: AbortSignal,
): Promise<Annotation> => pacedCall('GET', at(projectId, id), undefined, signal);

export const addAnnotation = (projectId: string, input: AnnotationInput): Promise<Annotation> =>
  call('POST', at(projectId), input);

const tagOf = ({ revision }: Annotation): string => `"${revision}"`;

/** Replaces what an annotation says, if it still says what is given; fails with `precondition_failed` otherwise. */
export const changeAnnotation = (
  projectId: string,
  before: Annotation,
  input: AnnotationInput,
): Promise<Annotation> => call('PUT', at(projectId, before.id), input, undefined, tagOf(before));

/** Deletes an annotation, if it still says what is given; fails with `precondition_failed` otherwise. */
export const deleteAnnotation = (projectId: string, before: Annotation): Promise<void> =>
  call('DELETE', at(projectId, before.id), undefined, undefined, tagOf(before));
