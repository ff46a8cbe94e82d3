import { withParameters } from '@/api/client';
import type { QueryRange } from '@/api/types';
import type { Range } from '@/lib/range';
import { frameFilters, type CardQuery } from '../useCardQuery';
import type { View } from '../view';

/** A range as the API takes it: one that follows the clock stays so, for a command that is run later. */
function rangeOf(range: Range): QueryRange {
  if (range.kind === 'all') return { all: true };
  if (range.kind === 'last') return { last: range.last };
  const time = (instant: number): string => new Date(instant).toISOString().replace('.000Z', 'Z');
  return { from: time(range.from), to: time(range.to) };
}

/** The body with which anyone gets the same figures from `POST /api/v1/query`. */
export function bodyOf(query: CardQuery, view: View): object {
  const filters = [...frameFilters(view), ...(query.filters ?? [])];
  return {
    ...query,
    ...(filters.length > 0 ? { filters } : {}),
    range: rangeOf(view.range),
    timezone: view.zone,
  };
}

/** A text inside single quotes of a shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The request as a `curl` command. The key is a variable, because nobody can read a key again once it is made. */
export function curlOf(body: object, projectId: string, origin: string): string {
  const address = origin + withParameters('/api/v1/query', { projectId });
  return [
    `curl ${quoted(address)} \\`,
    `  -H "Authorization: Bearer $WEIR_API_KEY" \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d ${quoted(JSON.stringify(body))}`,
  ].join('\n');
}
