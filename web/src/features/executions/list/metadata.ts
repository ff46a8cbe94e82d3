import { repeated } from '@/lib/search';

/** A declared dimension as the API names it, such as `metadata.client`. */
export type Dimension = `metadata.${string}`;

const PREFIX = 'metadata.';
/** The longest key that a project can declare, and the most conditions that a link can have. */
const LONGEST_KEY = 100;
const MOST = 40;

/** The conditions on declared dimensions in the URL, each a key and a value: `client=acme`. Any value of a key matches. */
export interface MetadataSearch {
  metadata?: string[];
}

export const isDimension = (name: string): name is Dimension =>
  name.startsWith(PREFIX) && name.length > PREFIX.length;

/** The key in the metadata of events that a dimension is about. */
export const keyOf = (dimension: Dimension): string => dimension.slice(PREFIX.length);

/** A condition in the URL: what separates key and value is encoded within the key. */
const written = (dimension: Dimension, value: string): string =>
  `${keyOf(dimension).replaceAll('%', '%25').replaceAll('=', '%3D')}=${value}`;

/** The dimension and the value of a condition in the URL; null if it is not one. */
function read(condition: string): [Dimension, string] | null {
  const at = condition.indexOf('=');
  const key = condition.slice(0, at).replaceAll('%3D', '=').replaceAll('%25', '%');
  const value = condition.slice(at + 1);
  if (at < 1 || value === '' || key.length > LONGEST_KEY) return null;
  return [`${PREFIX}${key}`, value];
}

/** Keeps the conditions that are valid, and drops the rest. */
export function metadataSearch(raw: Record<string, unknown>): MetadataSearch {
  const valid = repeated(raw.metadata).filter((condition) => read(condition) !== null);
  return { metadata: valid.length > 0 ? valid.slice(0, MOST) : undefined };
}

/** The dimensions that are limited, each with its values, in the order of the URL. */
export function conditionsOf({ metadata = [] }: MetadataSearch): [Dimension, string[]][] {
  const found = new Map<Dimension, string[]>();
  for (const condition of metadata) {
    const pair = read(condition);
    if (pair) found.set(pair[0], [...(found.get(pair[0]) ?? []), pair[1]]);
  }
  return [...found];
}

/** The values that a dimension is limited to. */
export const valuesOf = (search: MetadataSearch, dimension: Dimension): string[] =>
  conditionsOf(search).find(([name]) => name === dimension)?.[1] ?? [];

/** What the URL says once a dimension has these values; none removes its conditions. */
export function withValues(
  search: MetadataSearch,
  dimension: Dimension,
  values: string[],
): MetadataSearch {
  const others = (search.metadata ?? []).filter((one) => read(one)?.[0] !== dimension);
  const next = [...others, ...values.map((value) => written(dimension, value))];
  return { metadata: next.length > 0 ? next : undefined };
}
