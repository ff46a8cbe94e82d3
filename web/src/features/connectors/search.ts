import { useSearch } from '@tanstack/react-router';
import type { Measure } from './heat';

/** What the pages of connectors understand in the URL, apart from what every page has. */
export interface ConnectorsSearch {
  /** What the heatmap shows; failures by default. */
  measure?: 'slowness';
  /** Whether the heatmap has a row for every connector; by default, for those with the most failures. */
  rows?: 'all';
}

/** Keeps what is valid and drops the rest. */
export const connectorsSearch = (raw: Record<string, unknown>): ConnectorsSearch => ({
  measure: raw.measure === 'slowness' ? 'slowness' : undefined,
  rows: raw.rows === 'all' ? 'all' : undefined,
});

/** What the heatmap of the page shows. */
export function useHeatSearch(): { measure: Measure; all: boolean } {
  const search: ConnectorsSearch = useSearch({ strict: false });
  return { measure: search.measure ?? 'failures', all: search.rows === 'all' };
}
