import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { catalogQuery, dimensionsQuery } from '@/api/queries';
import type { Catalog, Dimensions, MetricInfo } from '@/api/types';
import type { QueryState } from '@/components/QueryContent';
import { explore as words } from '@/words';
import type { View } from '../view';

/** A dimension to group and filter by. Those that a project declares have no meaning that Weir knows, and keep their case. */
export interface Dimension {
  name: string;
  label: string;
  description?: string;
  declared: boolean;
}

/** What can be asked in a project. */
export interface Catalogue {
  metrics: MetricInfo[];
  dimensions: Dimension[];
  /** A metric by its name; one that does not exist has its name as label, so that the API can say so. */
  metric: (name: string) => MetricInfo;
  dimension: (name: string) => Dimension;
}

const unknownMetric = (name: string): MetricInfo => ({
  name,
  label: name,
  unit: 'count',
  description: '',
  family: '',
  goodDirection: 'neutral',
  additive: false,
  dimensions: [],
});

/** The catalogue of a project: the metrics and dimensions of all projects, and the dimensions that it declares. */
export function catalogueOf(
  catalog: Pick<Catalog, 'metrics' | 'dimensions'>,
  declared: Pick<Dimensions, 'dimensions'> | undefined,
): Catalogue {
  const dimensions: Dimension[] = [
    ...catalog.dimensions.map((dimension) => ({ ...dimension, declared: false })),
    ...(declared?.dimensions ?? []).map(({ name, label }) => ({ name, label, declared: true })),
  ];
  const metrics = new Map(catalog.metrics.map((metric) => [metric.name, metric]));
  const named = new Map(dimensions.map((dimension) => [dimension.name, dimension]));
  return {
    metrics: catalog.metrics,
    dimensions,
    metric: (name) => metrics.get(name) ?? unknownMetric(name),
    dimension: (name) => named.get(name) ?? { name, label: name, declared: true },
  };
}

/** The catalogue of the view's project. What the project declares may arrive later than the rest. */
export function useCatalogue(view: View): QueryState<Catalogue> {
  const catalog = useQuery(catalogQuery);
  const { data: declared } = useQuery(dimensionsQuery(view.project.id));
  const data = useMemo(
    () => catalog.data && catalogueOf(catalog.data, declared),
    [catalog.data, declared],
  );
  return { ...catalog, data };
}

/** Whether every one of some metrics can be grouped by a dimension. */
export const allHave = (metrics: MetricInfo[], { name, declared }: Dimension): boolean =>
  declared || metrics.every(({ dimensions }) => dimensions.includes(name));

/** The label of a metric or dimension inside a sentence; abbreviations and what a project declared stay as they are. */
export function inside(label: string, declared = false): string {
  if (declared || /^.[A-Z]/.test(label)) return label;
  return label.charAt(0).toLowerCase() + label.slice(1);
}

/** What a list of figures shows, in words: `Cost and executions by model`. */
export function titleOf(metrics: MetricInfo[], dimensions: Dimension[]): string {
  const figures = metrics.map(({ label }, index) => (index === 0 ? label : inside(label)));
  const by = dimensions.map(({ label, declared }) => inside(label, declared));
  return words.title(figures, by);
}
