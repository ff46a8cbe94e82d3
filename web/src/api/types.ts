import type { components } from './schema.gen';

type Schemas = components['schemas'];

/** Units a metric can be in. Durations are milliseconds, rates percent from 0 to 100. */
export type Unit = Schemas['Unit'];
export type Granularity = Schemas['Interval'];
export type Comparison = Schemas['Comparison'];
export type { Project, Session } from './identity';
export type Filter = Schemas['Filter'];
export type Completeness = Schemas['Completeness'];
export type Catalog = Schemas['Catalogue'];
export type Dimensions = Schemas['DimensionsView'];
export type MetricInfo = Schemas['MetricEntry'];

/** The body of `POST /api/v1/query`. The page always states the time zone itself, and the granularity where it needs one. */
export type QueryBody = Omit<Schemas['Query'], 'granularity' | 'timezone'> & {
  granularity?: Granularity;
  timezone: string;
};
export type QueryRange = Schemas['Range'];

/** One row: `time` if the query has a granularity, dimensions as strings, metrics as numbers. */
export type Row = Record<string, string | number | null>;

/** The result of a query. The columns of its rows depend on the query, so the schema cannot describe them. */
export type QueryResult = Omit<
  Schemas['QueryResult'],
  'rows' | 'comparison' | 'other' | 'totals'
> & {
  rows: Row[];
  comparison?: Row[] | null;
  /** What the limits left out, if the query asked for it: rows that each sum as many groups as `groups` says. */
  other?: { rows: Row[]; comparison?: Row[] | null } | null;
  /** The figures of the whole range, if the query asked for them: one row each. */
  totals?: { rows: Row[]; comparison?: Row[] | null } | null;
};

/** RFC 9457 problem details; `requestId` and `detail` are absent if the response did not come from a Weir server. */
export type Problem = Pick<Schemas['Problem'], 'title' | 'status' | 'code'> &
  Partial<Schemas['Problem']>;
