import { ApiError } from '@/api/client';
import type { Annotation, AnnotationInput, AnnotationKind } from '@/api/annotations';
import type { Values } from '@/components/form/values';
import { fromInput, toInput } from '@/lib/zone';
import { annotations as words } from '@/words';

type Fields = Pick<Values, 'text' | 'optional'>;

/** What a form refuses before the server is asked; the field is named as the API names it. */
function refusal(field: keyof AnnotationInput, detail: string): ApiError {
  return new ApiError({
    type: 'about:blank',
    title: detail,
    detail,
    code: 'invalid_parameter',
    status: 400,
    field,
  });
}

/**
 * The time in a field, RFC 3339; undefined if it is empty, null if it is no time. Fields have no seconds, so one that was
 * not touched keeps the time it was filled with.
 */
export function timeFrom(
  text: string,
  before: string | null | undefined,
  zone: string,
): string | undefined | null {
  if (text === '') return undefined;
  if (before && toInput(Date.parse(before), zone) === text) return before;
  const instant = fromInput(text, zone);
  return instant === null ? null : new Date(instant).toISOString();
}

/** What a form says about an annotation. Fails at a time that is missing or not valid. */
export function inputFrom(
  fields: Fields,
  before: Pick<Annotation, 'startsAt' | 'endsAt'>,
  zone: string,
): AnnotationInput {
  const startsAt = timeFrom(fields.text('startsAt'), before.startsAt, zone);
  const endsAt = timeFrom(fields.text('endsAt'), before.endsAt, zone);
  if (startsAt == null) throw refusal('startsAt', words.form.noStart);
  if (endsAt === null) throw refusal('endsAt', words.form.noStart);
  if (endsAt !== undefined && Date.parse(endsAt) <= Date.parse(startsAt)) {
    throw refusal('endsAt', words.form.backwards);
  }
  return {
    kind: fields.text('kind') as AnnotationKind,
    title: fields.text('title'),
    description: fields.optional('description'),
    url: fields.optional('url'),
    workflowId: fields.optional('workflowId'),
    environment: fields.optional('environment'),
    version: fields.optional('version'),
    startsAt,
    endsAt,
  };
}
