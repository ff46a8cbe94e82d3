import { useQuery } from '@tanstack/react-query';
import { dimensionsQuery } from '@/api/queries';
import type { PageSearch } from '@/lib/search';
import { executions as words } from '@/words';
import type { View } from '../../view';
import { useWorkflowNames } from '../../workflowNames';
import type { ListSearch } from '../search';
import { chipsOf, FILTERS, OFFERED, without, type FilterId } from './filters';
import { conditionsOf, keyOf, withValues, type Dimension } from './metadata';
import { useGroups, useValues, type Choices } from './useValues';

/** The filters that the list shares with the other pages. */
type FrameFilter = 'workflow' | 'env';

/** Something that the list can be limited by. */
export type Choice = FilterId | Dimension | FrameFilter;

/** The part of the URL that limits the list. */
export type Filtered = ListSearch & Pick<PageSearch, FrameFilter>;
export type FilterPatch = Filtered;

/** A filter that is set. */
export interface Chip {
  id: Choice;
  name: string;
  /** How it reads after the word "Executions". */
  says: string;
  /** Whether its value can be chosen here. */
  editable: boolean;
  removed: FilterPatch;
}

/** Whether the list's own filters limit it. */
export const isNarrowed = (search: ListSearch): boolean =>
  chipsOf(search).length + conditionsOf(search).length > 0;

/** What removes every filter, those that other pages share included. */
export const UNLIMITED: FilterPatch = {
  ...Object.fromEntries(FILTERS.map(({ id }) => [id, undefined])),
  metadata: undefined,
  workflow: undefined,
  env: undefined,
};

/** What people call the dimensions that a project has declared; the key, if it no longer declares one. */
export function useDeclared(projectId: string) {
  const { data } = useQuery(dimensionsQuery(projectId));
  const declared = (data?.dimensions ?? []).map(({ name, label }) => ({
    id: name as Dimension,
    label,
  }));
  const labelOf = (name: Dimension): string =>
    declared.find(({ id }) => id === name)?.label ?? keyOf(name);
  return { declared, labelOf };
}

const textOf = (id: FilterId | FrameFilter) =>
  words.filters[id === 'env' ? 'environment' : id] ?? { name: id, says: String };

/** What a filter is called. */
export const filterName = (id: FilterId | FrameFilter): string => textOf(id).name;

/** The filters by a step, which are named by it. */
const OF_STEPS = ['step', 'fromStep', 'firstStep', 'lastStep'] as const;

const nameIn = ({ values }: Choices, id: string): string =>
  values.find(({ value }) => value === id)?.label ?? id;

/** The filters that are set, in the order in which they read. */
export function useChips(view: View, search: Filtered): Chip[] {
  const [workflow] = view.workflows;
  const names = useWorkflowNames(view, view.workflows.length === 1);
  const { labelOf } = useDeclared(view.project.id);
  const steps = useValues(
    view,
    'step',
    OF_STEPS.some((id) => search[id] !== undefined),
    'steps',
  );
  const groups = useGroups(view, search.error !== undefined);
  const says = (id: FilterId): string => {
    const value = search[id] ?? '';
    if (id === 'error') return textOf(id).says(nameIn(groups, value), '');
    if (!OF_STEPS.some((one) => one === id)) return textOf(id).says(value, '');
    return textOf(id).says(nameIn(steps, value), nameIn(steps, search.toStep ?? ''));
  };
  const frame = (id: FrameFilter, value: string): Chip => ({
    id,
    name: filterName(id),
    says: textOf(id).says(value, ''),
    editable: true,
    removed: { [id]: undefined },
  });
  const named = names.list.find(({ id }) => id === workflow)?.name ?? workflow;
  return [
    ...(named !== undefined && view.workflows.length === 1 ? [frame('workflow', named)] : []),
    ...(view.env === undefined ? [] : [frame('env', view.env)]),
    ...chipsOf(search).map((id) => ({
      id,
      name: filterName(id),
      says: says(id),
      editable: OFFERED.some((filter) => filter.id === id),
      removed: without(id),
    })),
    ...conditionsOf(search).map(([id, values]) => ({
      id,
      name: labelOf(id),
      says: words.filtering.metadata(labelOf(id), values),
      editable: true,
      removed: withValues(search, id, []),
    })),
  ];
}
