import type { Annotation } from '@/api/annotations';
import type { Marker } from '@/components/chart/model';
import { chart as words } from '@/words';

/** A version that ran for the first time, and when (epoch milliseconds). */
export interface Release {
  version: string;
  at: number;
}

/** A version that runs for the first time within this time of its annotated release is that release, in milliseconds. */
const NEAR = 86_400_000;

/** What an annotation is on a chart at a moment (epoch milliseconds). */
export function markerOf(annotation: Annotation, now: number): Marker {
  const { id, kind, title, startsAt, endsAt } = annotation;
  const at = Date.parse(startsAt);
  const mark: Marker = { at, label: title, kind, annotation: id };
  if (endsAt) return { ...mark, until: Date.parse(endsAt) };
  return kind === 'incident' ? { ...mark, until: Math.max(at, now), open: true } : mark;
}

/** Whether an annotation concerns one of these workflows; an empty list stands for all. */
export const concerns = ({ workflowId }: Annotation, workflows: string[]): boolean =>
  workflows.length === 0 || workflowId == null || workflows.includes(workflowId);

/** Whether an annotation says that a workflow got a version at about the time at which it first ran. */
const announces = (annotation: Annotation, workflow: string | undefined, seen: Release): boolean =>
  annotation.kind === 'release' &&
  annotation.workflowId === workflow &&
  annotation.version === seen.version &&
  Math.abs(Date.parse(annotation.startsAt) - seen.at) <= NEAR;

/**
 * The marks of a timeline. A release of the workflow that is both seen in its events and annotated is one mark, with
 * the title and the time of the annotation.
 */
export function timelineOf(
  releases: Release[],
  annotations: Annotation[],
  { workflow, now }: { workflow: string | undefined; now: number },
): Marker[] {
  const seen = releases.filter(
    (release) => !annotations.some((annotation) => announces(annotation, workflow, release)),
  );
  return [
    ...seen.map(({ version, at }): Marker => ({
      at,
      label: words.version(version),
      kind: 'release',
    })),
    ...annotations.map((annotation) => markerOf(annotation, now)),
  ];
}

/** The marks of a page, with the moment that the URL names: an annotation that says the same is not drawn again. */
export function withMoment(moment: Marker | undefined, marks: Marker[]): Marker[] {
  if (!moment) return marks;
  const same = ({ at, label, annotation }: Marker): boolean =>
    annotation !== undefined && at === moment.at && label.startsWith(moment.label);
  const annotation = marks.find(same)?.annotation;
  return [{ ...moment, annotation }, ...marks.filter((mark) => !same(mark))];
}
