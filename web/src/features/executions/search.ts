import { textParameter } from '@/lib/search';
import { COLUMN_IDS, type ColumnId } from './list/columns';
import { FILTERS } from './list/filters';

/** The filters of the list in the URL; several states are separated by commas, as the API has them. */
export type FilterSearch = Partial<Record<(typeof FILTERS)[number]['id'], string>>;

/** The state of the list in the URL, apart from what every page has. */
export interface ListSearch extends FilterSearch {
  /** The columns to show; without it, the usual ones. */
  columns?: ColumnId[];
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/** Keeps what is valid and drops the rest. */
export function listSearch(raw: Record<string, unknown>): ListSearch {
  const columns = COLUMN_IDS.filter((id) => listOf(raw.columns).includes(id));
  const filters = FILTERS.map(({ id, valid }) => {
    // Links may repeat a parameter. Only states can be several.
    const given = listOf(raw[id]).flatMap((value) => textParameter(value) ?? []);
    const text = id === 'status' ? given.join(',') || undefined : given[0];
    return [id, text !== undefined && valid(text) ? text : undefined] as const;
  });
  return {
    ...(Object.fromEntries(filters) as FilterSearch),
    columns: columns.length > 0 ? columns : undefined,
  };
}

/** The state of the page of one execution in the URL. */
export interface OneSearch {
  /** Which of its runs; otherwise the newest. */
  run?: number;
  /** The row that is open beside the waterfall. */
  row?: string;
  /** A text that names of steps must contain. */
  find?: string;
  /** Rows hold one run each, unless they hold as many as fit, or the runs of a step are put together. */
  rows?: 'packed' | 'bystep';
}

/** Keeps what is valid and drops the rest. */
export function oneSearch(raw: Record<string, unknown>): OneSearch {
  const run = Number(raw.run);
  return {
    run: Number.isInteger(run) && run > 0 ? run : undefined,
    row: textParameter(raw.row),
    find: textParameter(raw.find),
    rows: raw.rows === 'packed' || raw.rows === 'bystep' ? raw.rows : undefined,
  };
}

/** The two executions of a comparison in the URL. */
export interface CompareSearch {
  a?: string;
  b?: string;
  /** Rows in the order of the steps rather than by importance. */
  sequence?: 'time';
  /** Steps that do not differ are shown, too. */
  same?: 'shown';
}

/** Keeps what is valid and drops the rest. */
export function compareSearch(raw: Record<string, unknown>): CompareSearch {
  return {
    a: textParameter(raw.a),
    b: textParameter(raw.b),
    sequence: raw.sequence === 'time' ? 'time' : undefined,
    same: raw.same === 'shown' ? 'shown' : undefined,
  };
}
