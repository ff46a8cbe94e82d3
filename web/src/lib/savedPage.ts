import { parseSearch, stringifySearch } from './search';

/** A page with its parameters, decoded, as the server keeps it. */
export interface SavedPage {
  /** The parts of its path. */
  path: string[];
  parameters?: Record<string, string>;
}

/** The path of the page at `/`, which has no parts. */
const HOME = 'overview';

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A lone percent sign, as someone typed it.
    return part;
  }
}

/** A parameter as one text: several values are a JSON array, and so is a text that would read as one. */
function asText(value: unknown): string {
  if (Array.isArray(value)) return JSON.stringify(value);
  const text = String(value);
  return text.startsWith('[') ? JSON.stringify([text]) : text;
}

/** The inverse of `asText`. */
function asValue(text: string): string | string[] {
  if (!text.startsWith('[')) return text;
  try {
    const values: unknown = JSON.parse(text);
    if (!Array.isArray(values) || values.some((value) => typeof value !== 'string')) return text;
    return values as string[];
  } catch {
    return text;
  }
}

/** What is saved of an address (path and query, encoded). The project is left out: a view belongs to one. */
export function pageOf(address: string): SavedPage {
  const [, pathname = '', query = ''] = /^([^?#]*)(?:\?([^#]*))?/.exec(address) ?? [];
  const path = pathname.split('/').filter(Boolean).map(decoded);
  const parameters = Object.entries(parseSearch(query))
    .filter(([name, value]) => name !== 'project' && value !== '')
    .map(([name, value]) => [name, asText(value)] as const);
  return { path: path.length > 0 ? path : [HOME], parameters: Object.fromEntries(parameters) };
}

/** The address of a saved page in a project. */
export function addressOf({ path, parameters = {} }: SavedPage, project?: string): string {
  const parts = path.length === 1 && path[0] === HOME ? [] : path.filter(Boolean);
  const values = Object.entries(parameters).map(([name, text]) => [name, asValue(text)] as const);
  const search = { project, ...Object.fromEntries(values) };
  return `/${parts.map(encodeURIComponent).join('/')}${stringifySearch(search)}`;
}

/** Whether two pages are the same, in whatever order their parameters are. */
export function samePage(one: SavedPage, other: SavedPage): boolean {
  const parametersOf = ({ parameters = {} }: SavedPage): [string, string][] =>
    Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = (page: SavedPage): string => JSON.stringify([page.path, parametersOf(page)]);
  return text(one) === text(other);
}
