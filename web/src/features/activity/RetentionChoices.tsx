import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Retention } from '@/api/activity';
import { segmentsQuery } from '@/api/segments';
import type { IconName } from '@/components/Icon';
import { Picker } from '@/components/Picker';
import { activity as words } from '@/words';
import { useSetTab } from '../read';
import { EVENTS, MODES, PERIODS, type RetentionSearch } from './search';

const SAID = words.retention;

/** A choice among a few words. */
function Choice<T extends string>(props: {
  id: string;
  label: string;
  icon: IconName;
  values: readonly T[];
  names: Record<T, string>;
  selected: T;
  onPick: (value: T) => void;
}): ReactNode {
  const { values, names, selected } = props;
  return (
    <Picker
      label={props.label}
      icon={props.icon}
      text={names[selected]}
      selected={selected}
      options={values.map((value) => ({ value, label: names[value] }))}
      onPick={(picked) => {
        const value = values.find((one) => one === picked);
        if (value) props.onPick(value);
      }}
      testId={`retention-${props.id}`}
    />
  );
}

/** The value for the URL, which leaves the default out. */
const unless = <T extends string, D extends T>(value: T, usual: D): Exclude<T, D> | undefined =>
  value === usual ? undefined : (value as Exclude<T, D>);

/** What starts and returns, what periods and cohorts are, what counts as a return, and of whom. */
export function RetentionChoices(props: {
  projectId: string;
  search: RetentionSearch;
  period: Retention['granularity'] | undefined;
}): ReactNode {
  const { projectId, search, period } = props;
  const setTab = useSetTab<RetentionSearch>();
  return (
    <div className="flex flex-wrap gap-1 px-4 pb-2">
      <Choice
        id="event"
        label={SAID.event}
        icon="bolt"
        values={['activity', ...EVENTS]}
        names={SAID.events}
        selected={search.event ?? 'activity'}
        onPick={(event) => setTab({ event: unless(event, 'activity') })}
      />
      <Choice
        id="period"
        label={SAID.period}
        icon="calendar"
        values={PERIODS}
        names={SAID.periods}
        selected={PERIODS.find((value) => value === (search.period ?? period)) ?? 'day'}
        onPick={(length) => setTab({ period: length })}
      />
      <Choice
        id="mode"
        label={SAID.returned}
        icon="swap"
        values={['n_day', ...MODES]}
        names={SAID.modes}
        selected={search.returned ?? 'n_day'}
        onPick={(mode) => setTab({ returned: unless(mode, 'n_day') })}
      />
      <Choice
        id="window"
        label={SAID.window}
        icon="clock"
        values={['calendar', 'rolling']}
        names={SAID.windows}
        selected={search.periods ?? 'calendar'}
        onPick={(window) => setTab({ periods: unless(window, 'calendar') })}
      />
      <Choice
        id="entry"
        label={SAID.entry}
        icon="layers"
        values={['first', 'every']}
        names={SAID.entries}
        selected={search.entry ?? 'first'}
        onPick={(entry) => setTab({ entry: unless(entry, 'first') })}
      />
      <SegmentChoice
        projectId={projectId}
        selected={search.segment}
        onPick={(segment) => setTab({ segment })}
      />
    </div>
  );
}

/** Limits the table to the members of a segment of users, if there are any. */
function SegmentChoice(props: {
  projectId: string;
  selected: string | undefined;
  onPick: (segment: string | undefined) => void;
}): ReactNode {
  const { selected } = props;
  const { data } = useQuery(segmentsQuery(props.projectId));
  const ofUsers = (data?.segments ?? []).filter(
    ({ definition }) => (definition.of ?? 'users') === 'users',
  );
  if (ofUsers.length === 0 && selected === undefined) return null;
  const name = ofUsers.find(({ id }) => id === selected)?.name;
  return (
    <Picker
      label={SAID.segment}
      icon="people"
      text={selected === undefined ? SAID.everyone : (name ?? SAID.goneSegment)}
      selected={selected ?? ''}
      searchable={ofUsers.length > 8}
      options={[
        { value: '', label: SAID.everyone },
        ...ofUsers.map((segment) => ({ value: segment.id, label: segment.name })),
      ]}
      onPick={(value) => props.onPick(value || undefined)}
      testId="retention-segment"
    />
  );
}
