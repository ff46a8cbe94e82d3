import { frameOf, repeated, textParameter, type PageSearch } from '@/lib/search';
import { knownColumns, type ColumnId } from './list/columns';
import { FILTERS, type FilterValues } from './list/filters';
import { metadataSearch, type MetadataSearch } from './list/metadata';

/** How many executions can be selected: two are compared. */
export const MOST_SELECTED = 2;

/** The state of the list in the URL, apart from what every page has. */
export interface ListSearch extends FilterValues, MetadataSearch {
  /** The columns to show; without it, those that the user prefers, or the usual ones. */
  columns?: ColumnId[];
  /** The rows that are selected to be compared, by their keys, in the order in which they were chosen. */
  selected?: string[];
}

/** Keeps what is valid and drops the rest. */
export function listSearch(raw: Record<string, unknown>): ListSearch {
  const selected = repeated(raw.selected).slice(-MOST_SELECTED);
  const { fromStep, toStep, ...filters } = filterSearch(raw);
  const pair = fromStep !== undefined && toStep !== undefined;
  return {
    ...filters,
    ...metadataSearch(raw),
    // One means nothing without the other.
    fromStep: pair ? fromStep : undefined,
    toStep: pair ? toStep : undefined,
    columns: knownColumns(repeated(raw.columns)),
    selected: selected.length > 0 ? selected : undefined,
  };
}

function filterSearch(raw: Record<string, unknown>): FilterValues {
  const filters = FILTERS.map(({ id, valid }) => {
    // Links may repeat a parameter. Only states can be several.
    const given = repeated(raw[id]);
    const text = id === 'status' ? given.join(',') || undefined : given[0];
    return [id, text !== undefined && valid(text) ? text : undefined] as const;
  });
  return Object.fromEntries(filters);
}

/**
 * What the pages of executions carry from the list, so that they lead back to it as it was: the frame, the filters and
 * the columns. Which rows are selected stays behind.
 */
export function listOf(search: PageSearch & ListSearch): PageSearch & ListSearch {
  const filters = FILTERS.map(({ id }) => [id, search[id]] as const);
  const { metadata, columns } = search;
  return { ...frameOf(search), ...Object.fromEntries(filters), metadata, columns };
}

const carried = (raw: Record<string, unknown>): ListSearch => ({
  ...listSearch(raw),
  selected: undefined,
});

/** The most rows that are remembered as toggled, so that an address stays short enough to be sent. */
export const MOST_TOGGLED = 60;

/** The state of the page of one execution in the URL. */
export interface OneSearch extends Omit<ListSearch, 'selected'> {
  /** Which of its runs; otherwise the newest. */
  run?: number;
  /** The row that is open beside the waterfall. */
  row?: string;
  /** A text that names of steps must contain. */
  find?: string;
  /** Rows hold one run each, unless they hold as many as fit, or the runs of a step are put together. */
  rows?: 'packed' | 'bystep';
  /** Whether every row is expanded or collapsed; otherwise all are expanded but called executions. */
  expanded?: 'all' | 'none';
  /** The rows for which the opposite holds. */
  toggled?: string[];
  /** Whether the raw record is shown. */
  record?: 'shown';
}

/** Keeps what is valid and drops the rest. */
export function oneSearch(raw: Record<string, unknown>): OneSearch {
  const run = Number(raw.run);
  const toggled = repeated(raw.toggled).slice(-MOST_TOGGLED);
  return {
    ...carried(raw),
    run: Number.isInteger(run) && run > 0 ? run : undefined,
    row: textParameter(raw.row),
    find: textParameter(raw.find),
    rows: raw.rows === 'packed' || raw.rows === 'bystep' ? raw.rows : undefined,
    expanded: raw.expanded === 'all' || raw.expanded === 'none' ? raw.expanded : undefined,
    toggled: toggled.length > 0 ? toggled : undefined,
    record: raw.record === 'shown' ? 'shown' : undefined,
  };
}

/** The two executions of a comparison in the URL. */
export interface CompareSearch extends Omit<ListSearch, 'selected'> {
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
    ...carried(raw),
    a: textParameter(raw.a),
    b: textParameter(raw.b),
    sequence: raw.sequence === 'time' ? 'time' : undefined,
    same: raw.same === 'shown' ? 'shown' : undefined,
  };
}
