import type { MetricInfo } from '@/api/types';
import type { Option } from '@/components/OptionList';
import { explore as words } from '@/words';
import { allHave, type Catalogue, type Dimension } from './catalogue';

/** Every metric under its family, with its unit and what it means. */
export function metricOptions({ metrics }: Catalogue): Option[] {
  // Metrics that belong to two families may stand apart from the rest of theirs.
  const families = [...new Set(metrics.map(({ family }) => family))];
  return families.flatMap((family) =>
    metrics
      .filter((metric) => metric.family === family)
      .map(({ name, label, unit, description }) => ({
        value: name,
        label,
        detail: words.units[unit],
        hint: description,
        group: words.families[family] ?? family,
      })),
  );
}

/** Every dimension: those of all chosen metrics, those that the project declares, and those that the API would refuse. */
export function dimensionOptions({ dimensions }: Catalogue, metrics: MetricInfo[]): Option[] {
  const groupOf = (dimension: Dimension): string | undefined => {
    if (dimension.declared) return words.declared;
    if (metrics.length === 0) return undefined;
    return allHave(metrics, dimension) ? words.common : words.uncommon;
  };
  const options = dimensions.map((dimension) => ({
    value: dimension.name,
    label: dimension.label,
    hint: dimension.description,
    keywords: words.alsoCalled[dimension.name],
    group: groupOf(dimension),
  }));
  return [undefined, words.common, words.declared, words.uncommon].flatMap((group) =>
    options.filter((option) => option.group === group),
  );
}
