import { useQuery } from '@tanstack/react-query';
import { useCallback, type ReactNode } from 'react';
import { dimensionsQuery } from '@/api/queries';
import type { Dimensions } from '@/api/types';
import { Picker } from '@/components/Picker';
import { QueryContent } from '@/components/QueryContent';
import { TableSkeleton } from '@/components/states';
import { isolated } from '@/lib/format';
import { workflows as words } from '@/words';
import { familiesOf, type Family } from '../families';
import { useCardQuery } from '../useCardQuery';
import type { View } from '../view';
import { familiesByValue, valuesOf, valuesQuery } from './dimension';
import type { Entry } from './list';
import { Rows } from './Rows';
import { DECLARED, useListSearch } from './search';

const BY_NAME = 'name';
const NONE = 'off';
const SAID = words.group;

/** What to group workflows by: their names, a dimension that the project declares, or nothing. */
export function GroupChoice({ view }: { view: View }): ReactNode {
  const [{ group = BY_NAME }, set] = useListSearch();
  const { data } = useQuery(dimensionsQuery(view.project.id));
  const options = [
    { value: BY_NAME, label: SAID.name, detail: SAID.nameHint },
    ...(data?.dimensions ?? []).map(({ name, key, label }) => ({
      value: name,
      label,
      detail: SAID.valueHint(key),
    })),
    { value: NONE, label: SAID.none },
  ];
  const chosen = options.find(({ value }) => value === group);
  return (
    <Picker
      label={SAID.by}
      icon="layers"
      text={
        group === NONE ? SAID.ungrouped : SAID.chosen(chosen?.label ?? group.slice(DECLARED.length))
      }
      options={options}
      selected={group}
      onPick={(value) =>
        set({ group: value === BY_NAME ? undefined : value, open: undefined, rows: undefined })
      }
      testId="group-by"
    />
  );
}

interface Props {
  view: View;
  entries: Entry[];
}

const noFamilies = (): Family<Entry>[] => [];

/** The workflows, grouped as the URL says. */
export function Grouped({ view, entries }: Props): ReactNode {
  const [{ group }] = useListSearch();
  if (group?.startsWith(DECLARED)) {
    return <ByDimension view={view} entries={entries} dimension={group} />;
  }
  return (
    <Rows view={view} entries={entries} familiesOf={group === NONE ? noFamilies : familiesOf} />
  );
}

/** The workflows by the value that most of their executions have; by name if the project declares no such dimension. */
function ByDimension(props: Props & { dimension: string }): ReactNode {
  const { view, entries, dimension } = props;
  const declared = useQuery(dimensionsQuery(view.project.id));
  return (
    <QueryContent what={SAID.what} query={declared} skeleton={<TableSkeleton rows={12} />}>
      {({ dimensions }: Dimensions) =>
        dimensions.some(({ name }) => name === dimension) ? (
          <ByValue {...props} />
        ) : (
          <>
            <p className="px-4 pb-2 text-ink-2">
              {SAID.undeclared(isolated(dimension.slice(DECLARED.length)))}
            </p>
            <Rows view={view} entries={entries} familiesOf={familiesOf} />
          </>
        )
      }
    </QueryContent>
  );
}

function ByValue({ view, entries, dimension }: Props & { dimension: string }): ReactNode {
  const query = useCardQuery(view, valuesQuery(dimension), true, 'later');
  const { data } = query;
  const byValue = useCallback(
    (members: Entry[]) =>
      familiesByValue(members, data ? valuesOf(data, dimension) : new Map<string, string>()),
    [data, dimension],
  );
  return (
    <QueryContent what={SAID.what} query={query} skeleton={<TableSkeleton rows={12} />}>
      {() => <Rows view={view} entries={entries} familiesOf={byValue} />}
    </QueryContent>
  );
}
