import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { catalogQuery } from '@/api/queries';
import type { MetricInfo } from '@/api/types';

const FALLBACK: Omit<MetricInfo, 'name' | 'label'> = {
  unit: 'count',
  description: '',
  family: '',
  goodDirection: 'neutral',
  additive: false,
  dimensions: [],
};

/** Looks up a metric's label, unit and good direction. Without the catalogue, the label is the name; while it loads, a blank. */
export function useMetricInfo(): (name: string) => MetricInfo {
  const { data, isPending } = useQuery(catalogQuery);
  return useCallback(
    (name) =>
      data?.metrics.find((metric) => metric.name === name) ?? {
        ...FALLBACK,
        name,
        label: isPending ? '\u00a0' : name,
      },
    [data, isPending],
  );
}
