import { ApiError } from '@/api/client';
import { explore as words } from '@/words';

/** A part of the builder that the API can refuse. */
export type Section = 'metrics' | 'groups' | 'filters' | 'time' | 'order';

/** What the API says of a refused query, and the part of the builder that it names; null if it was not refused. */
export function refusalOf(error: unknown): { section: Section; message: string } | null {
  if (!(error instanceof ApiError) || error.problem.status !== 400) return null;
  const { field, detail, title, fix } = error.problem;
  const said = detail ?? title;
  return { section: sectionOf(field ?? ''), message: fix ? words.fixed(said, fix) : said };
}

const SECTIONS: [string, Section][] = [
  ['metrics', 'metrics'],
  ['dimensions', 'groups'],
  ['filters', 'filters'],
  ['orderBy', 'order'],
  ['limit', 'order'],
  ['other', 'order'],
];

/** The part of the builder for a field of the query, such as `dimensions[0]`; range, time zone and buckets are the time. */
function sectionOf(field: string): Section {
  return SECTIONS.find(([name]) => field.startsWith(name))?.[1] ?? 'time';
}
