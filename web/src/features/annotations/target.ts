import type { Annotation } from '@/api/annotations';
import { rangeToParams } from '@/lib/range';
import { frameOf, type PageSearch } from '@/lib/search';
import { dateTime, interval } from '@/lib/zone';
import { annotations as words } from '@/words';
import { rangeAround } from '../changes/target';
import { markParameter } from '../mark';

const DAY = 86_400_000;

/** When it was, in words: a moment, an interval, or since when an incident is open. */
export function whenOf({ kind, startsAt, endsAt }: Annotation, zone: string): string {
  const at = Date.parse(startsAt);
  if (endsAt) return interval(at, Date.parse(endsAt), zone);
  return kind === 'incident' ? words.since(dateTime(at, zone)) : dateTime(at, zone);
}

/**
 * A link to the charts that show what an annotation was followed by: of its workflow, or of the whole project. After a
 * moment, they show about a day.
 */
export function chartsOf(annotation: Annotation, view: { now: number; zone: string }) {
  const { kind, title, workflowId, environment, startsAt, endsAt } = annotation;
  const at = Date.parse(startsAt);
  const open = kind === 'incident' && !endsAt;
  const until = endsAt ?? new Date(at + DAY).toISOString();
  const bounds = { from: 0, to: Math.max(view.now, at + 1) };
  const around = rangeAround({ since: startsAt, until, ongoing: open }, bounds, view.zone);
  const place = workflowId
    ? { to: '/workflows/$id' as const, params: { id: workflowId } }
    : { to: '/' as const };
  return {
    ...place,
    search: (previous: PageSearch): PageSearch => ({
      ...frameOf(previous),
      ...rangeToParams({ kind: 'absolute', ...around }),
      env: environment ?? previous.env,
      by: undefined,
      compare: undefined,
      workflow: undefined,
      mark: markParameter(at, title, endsAt ? Date.parse(endsAt) : undefined),
    }),
  };
}
