import type { Filter, Granularity } from '@/api/types';
import type { Explored } from '../../explore/query';
import { chipsOf, type FilterId, type FilterValues } from './filters';
import { conditionsOf, type MetadataSearch } from './metadata';

/** The filters of the list that are dimensions of the metric `executions`. */
const DIMENSIONS: Partial<Record<FilterId, string>> = {
  status: 'status',
  version: 'version',
  trigger: 'trigger_type',
  user: 'user',
  source: 'source',
  errorType: 'error_type',
  errorStep: 'error_step',
  called: 'called',
};

/**
 * The executions of the list as figures of the catalogue, by status over time. Null if one of its filters, such as a
 * duration, is no dimension: the figures would count others, too.
 */
export function listExplored(
  search: FilterValues & MetadataSearch,
  granularity: Granularity,
): Explored | null {
  const filters: Filter[] = [];
  for (const id of chipsOf(search)) {
    const dimension = DIMENSIONS[id];
    const value = search[id];
    if (!dimension || value === undefined) return null;
    filters.push({ dimension, op: 'in', values: id === 'status' ? value.split(',') : [value] });
  }
  for (const [dimension, values] of conditionsOf(search)) {
    filters.push({ dimension, op: 'in', values });
  }
  return {
    query: {
      metrics: ['executions'],
      dimensions: ['status'],
      filters,
      granularity,
      orderBy: [{ metric: 'executions', direction: 'desc' }],
      limit: 7,
      other: true,
    },
    chart: 'bars',
  };
}
