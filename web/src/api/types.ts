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
export type MetricInfo = Schemas['MetricEntry'];

/** The body of `POST /api/v1/query`; the page always says granularity and zone itself. */
export type QueryBody = Omit<Schemas['Query'], 'granularity' | 'timezone'> & {
  granularity?: Granularity;
  timezone: string;
};
export type QueryRange = Schemas['Range'];

/** One row: `time` where a granularity was asked for, dimensions as strings, metrics as numbers. */
export type Row = Record<string, string | number | null>;

/** The answer to a query. Which columns its rows have depends on the query, so the schema cannot say. */
export type QueryResult = Omit<Schemas['QueryResult'], 'rows' | 'comparison' | 'other'> & {
  rows: Row[];
  comparison?: Row[] | null;
  /** What limits left out, where it was asked for: rows that sum so many `groups`. */
  other?: { rows: Row[]; comparison?: Row[] | null } | null;
};

/** RFC 9457 problem details; `requestId` and `detail` are absent where no Weir server answered. */
export type Problem = Pick<Schemas['Problem'], 'title' | 'status' | 'code'> &
  Partial<Schemas['Problem']>;
