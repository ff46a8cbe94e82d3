import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { catalogQuery } from '@/api/queries';
import type { MetricInfo } from '@/api/types';

const FALLBACK: Omit<MetricInfo, 'name' | 'label'> = {
  unit: 'count',
  description: '',
  family: '',
  goodDirection: 'neutral',
  dimensions: [],
};

/** Looks up a metric's label, unit and good direction; until the catalogue has loaded, the label is the name. */
export function useMetricInfo(): (name: string) => MetricInfo {
  const { data } = useQuery(catalogQuery);
  return useCallback(
    (name) =>
      data?.metrics.find((metric) => metric.name === name) ?? { ...FALLBACK, name, label: name },
    [data],
  );
}
