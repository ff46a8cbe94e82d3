import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { catalogQuery, dimensionsQuery } from '@/api/queries';
import type { Catalog, Dimensions } from '@/api/types';
import { costs as words } from '@/words';
import type { View } from '../view';
import { DEFAULT_SPLIT } from './search';

/** A dimension that costs can be split by, and its words. */
export interface CostSplit {
  dimension: string;
  label: string;
  title: string;
  /** What costs without a value are called. */
  none: string;
}

/** Every dimension of the metric `cost`, and then those that the project declares. */
export function splitsOf(
  catalog: Pick<Catalog, 'metrics' | 'dimensions'> | undefined,
  declared: Pick<Dimensions, 'dimensions'> | undefined,
  without: string[] = [],
): CostSplit[] {
  const names = catalog?.metrics.find(({ name }) => name === 'cost')?.dimensions ?? [];
  const labels = new Map(catalog?.dimensions.map(({ name, label }) => [name, label]));
  const own = names
    .filter((name) => !without.includes(name))
    .map((dimension) => splitOf(dimension, labels.get(dimension) ?? dimension));
  const others = (declared?.dimensions ?? []).map(({ name, label }) => ({
    dimension: name,
    label,
    title: words.byDeclared(label),
    none: words.noneDeclared(label),
  }));
  return [...own, ...others];
}

const splitOf = (dimension: string, label: string): CostSplit => ({
  dimension,
  label,
  title: words.by(label),
  none: words.none(label),
});

/** The split that the URL names; the usual one once all splits are known and none has that name. */
export function chosenSplit(
  splits: CostSplit[],
  wanted: string | undefined,
  complete: boolean,
): CostSplit {
  const find = (name: string): CostSplit | undefined =>
    splits.find(({ dimension }) => dimension === name);
  const name = wanted ?? DEFAULT_SPLIT;
  return find(name) ?? (complete ? find(DEFAULT_SPLIT) : undefined) ?? splitOf(name, name);
}

const NONE: string[] = [];

/** What the costs of a project can be split by, but for some dimensions, and what they are split by. */
export function useSplits(
  view: View,
  wanted: string | undefined,
  without = NONE,
): { splits: CostSplit[]; split: CostSplit } {
  const { data: catalog } = useQuery(catalogQuery);
  const { data: declared } = useQuery(dimensionsQuery(view.project.id));
  return useMemo(() => {
    const splits = splitsOf(catalog, declared, without);
    return { splits, split: chosenSplit(splits, wanted, Boolean(catalog && declared)) };
  }, [catalog, declared, wanted, without]);
}
