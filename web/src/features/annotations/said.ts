import { ANNOTATION_KINDS, type Annotation, type AnnotationKind } from '@/api/annotations';
import type { Frame } from '@/lib/answer';
import { counted } from '@/lib/format';
import { when } from '@/lib/range';
import { annotations as words, nouns } from '@/words';

/** How many annotations there are of each kind. */
export function countsOf(annotations: Annotation[]): Record<AnnotationKind, number> {
  const counts = { release: 0, incident: 0, note: 0 };
  for (const { kind } of annotations) counts[kind] += 1;
  return counts;
}

/** What happened in a range, in one sentence. */
export function said(
  annotations: Annotation[],
  { range, extent, zone }: Pick<Frame, 'range' | 'extent' | 'zone'>,
): string {
  const period = when(range, extent, zone);
  if (annotations.length === 0) return words.sentence.none(period);
  const counts = countsOf(annotations);
  const kinds = ANNOTATION_KINDS.filter((kind) => counts[kind] > 0);
  const open = annotations.filter(({ kind, endsAt }) => kind === 'incident' && !endsAt).length;
  return (
    words.sentence.some(
      kinds.map((kind) => counted(counts[kind], nouns[kind])),
      period,
    ) + words.sentence.open(open)
  );
}
