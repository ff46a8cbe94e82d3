/** Units a metric can be in. Durations are milliseconds, rates percent from 0 to 100. */
export type Unit = 'count' | 'percent' | 'milliseconds' | 'usd' | 'credits' | 'bytes' | 'tokens';
export type Granularity = 'minute' | 'five_minutes' | 'hour' | 'day' | 'week' | 'month';
export type Comparison = 'previous_period' | 'previous_year';

/** A project a session may see; times are RFC 3339. */
export interface Project {
  id: string;
  name: string;
  tenant: { id: string; name: string };
  environments: string[];
  firstEvent: string | null;
  newestEvent: string | null;
  ingestKeyPrefix: string | null;
}

/** Who is logged in and what they may see. */
export interface Session {
  user: { email: string; name: string };
  projects: Project[];
}

export type QueryRange = { from: string; to: string } | { last: string } | { all: true };

export interface Filter {
  dimension: string;
  op: 'in' | 'not_in';
  values: string[];
}

/** The body of `POST /api/v1/query`. */
export interface QueryBody {
  metrics: string[];
  dimensions?: string[];
  filters?: Filter[];
  range: QueryRange;
  granularity?: Granularity;
  timezone: string;
  compare?: Comparison;
  orderBy?: { metric?: string; dimension?: string; direction: 'asc' | 'desc' }[];
  limit?: number;
}

/** One row: `time` where a granularity was asked for, dimensions as strings, metrics as numbers. */
export type Row = Record<string, string | number | null>;

export interface Gap {
  source: string;
  from: string;
  to: string;
}

/** What the server knows about data that has not arrived. */
export interface Completeness {
  newestEvent: string | null;
  sources: {
    source: string;
    newestEvent: string | null;
    newestReceived: string | null;
    events: number;
    lagMs: number | null;
  }[];
  gaps: Gap[];
  completeUntil: string | null;
}

export interface QueryResult {
  query: {
    range: { from: string; to: string };
    granularity: Granularity | null;
    timezone: string;
    comparisonRange?: { from: string; to: string } | null;
  };
  rows: Row[];
  comparison?: Row[] | null;
  labels?: Record<string, Record<string, string>>;
  meta: {
    source: string;
    rowsRead: number;
    elapsedMs: number;
    cached: boolean;
    completeness: Completeness;
  };
}

export interface MetricInfo {
  name: string;
  label: string;
  unit: Unit;
  description: string;
  family: string;
  goodDirection: 'up' | 'down' | 'neutral';
  dimensions: string[];
}

export interface Catalog {
  metrics: MetricInfo[];
  dimensions: { name: string; label: string; description: string }[];
  granularities: string[];
}

/** RFC 9457 problem details as Weir sends them. */
export interface Problem {
  title: string;
  status: number;
  code: string;
  detail?: string;
  field?: string;
  fix?: string;
  requestId?: string;
}
