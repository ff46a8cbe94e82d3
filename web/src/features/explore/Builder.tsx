import type { ReactNode } from 'react';
import type { MetricInfo } from '@/api/types';
import { explore as words } from '@/words';
import type { Catalogue, Dimension } from './catalogue';
import { Drawn } from './Drawn';
import { Filters } from './Filters';
import { Limits } from './Limits';
import { Names } from './Names';
import { dimensionOptions, metricOptions } from './options';
import { Part } from './Part';
import { refusalOf, type Section } from './refused';
import { filtersOf, useExploreSearch, whereOf } from './search';

interface Props {
  catalogue: Catalogue;
  metrics: MetricInfo[];
  groups: Dimension[];
  /** Why the query was refused, if it was. */
  error: unknown;
}

/** What is asked, part by part: the metrics, their groups, their conditions, and how they are drawn. */
export function Builder(props: Props): ReactNode {
  const { catalogue, metrics, groups } = props;
  const [search, set] = useExploreSearch();
  const refusal = refusalOf(props.error);
  const saysOf = (section: Section): string | undefined =>
    refusal?.section === section ? refusal.message : undefined;
  const list = (names: string[]): string[] | undefined => (names.length > 0 ? names : undefined);
  return (
    <section
      aria-label={words.builder}
      data-testid="builder"
      className="flex flex-col gap-3 rounded-lg border bg-surface p-3"
    >
      <Part title={words.metrics} problem={saysOf('metrics')}>
        <Names
          testId="explore-metrics"
          add={words.addMetric}
          chosen={metrics.map(({ name, label, description }) => ({
            name,
            label,
            hint: description,
          }))}
          options={metricOptions(catalogue)}
          onChange={(names) => set({ metric: list(names) })}
        />
      </Part>
      <Part title={words.groups} problem={saysOf('groups')}>
        <Names
          testId="explore-groups"
          add={words.addGroup}
          chosen={groups.map(({ name, label, description }) => ({
            name,
            label,
            hint: description,
          }))}
          options={dimensionOptions(catalogue, metrics)}
          onChange={(names) => set({ group: list(names) })}
        />
      </Part>
      <Part title={words.filters} problem={saysOf('filters')}>
        <Filters
          catalogue={catalogue}
          metrics={metrics}
          filters={filtersOf(search.where)}
          onChange={(filters) => set({ where: whereOf(filters) })}
        />
      </Part>
      {metrics.length > 0 && <Drawn metrics={metrics} problem={saysOf('time')} />}
      {metrics.length > 0 && groups.length > 0 && (
        <Limits metrics={metrics} groups={groups} problem={saysOf('order')} />
      )}
    </section>
  );
}
