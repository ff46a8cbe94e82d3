import { useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { sessionQuery } from '@/api/session';
import type { Granularity } from '@/api/types';
import { Picker } from '@/components/Picker';
import { autoGranularity, bucketWord, fits, GRANULARITIES } from '@/lib/granularity';
import { usePreferences, zoneOf } from '@/lib/preferences';
import { allZones, browserZone, offsetLabel } from '@/lib/zone';
import { dates, frame } from '@/words';
import { usePageSearch, useSetSearch, useView } from '../view';
import { COMPARISONS, useCompareSwitch } from './compare';
import { Live } from './Live';
import { RangePicker } from './RangePicker';
import { Share } from './Share';
import { useTimeless } from './timeless';
import { WorkflowFilter } from './WorkflowFilter';

const words = frame.bar;

/** The parameters of every card on the page: project, range, comparison, granularity, time zone, workflows. */
export function TopBar(): ReactNode {
  const { id } = useParams({ strict: false });
  const timeless = useTimeless();
  return (
    <header className="sticky top-0 z-30 flex items-center gap-1.5 border-b bg-surface px-3 py-1.5 md:px-4 xl:px-6">
      {/* One row on a phone, too: it stays on the screen, and what has no room scrolls sideways. */}
      <div className="flex min-w-0 items-center gap-1.5 max-lg:overflow-x-auto max-lg:scroll-edges [&>*]:shrink-0">
        <ProjectPicker />
        {!timeless && <RangePicker />}
        {!timeless && (
          <>
            <ComparePicker />
            <GranularityPicker />
          </>
        )}
        <ZonePicker />
        {!id && !timeless && <WorkflowFilter />}
      </div>
      <div className="ml-auto flex shrink-0 items-center">
        <Share />
        <Live />
      </div>
    </header>
  );
}

function ProjectPicker(): ReactNode {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const view = useView();
  const setSearch = useSetSearch();
  const projects = session?.projects ?? [];
  const places = projects.flatMap((project) => [
    { project, env: undefined, value: project.id },
    ...project.environments.map((env) => ({ project, env, value: `${project.id} ${env}` })),
  ]);
  const label = (place: { project: { name: string }; env: string | undefined }): string =>
    `${place.project.name} / ${place.env ?? words.allEnvironments}`;
  return (
    <Picker
      label={words.project}
      icon="layers"
      testId="project"
      text={view.env ? `${view.project.name} / ${view.env}` : view.project.name}
      selected={view.env ? `${view.project.id} ${view.env}` : view.project.id}
      searchable={places.length > 8}
      options={places.map((place) => ({ value: place.value, label: label(place) }))}
      onPick={(value) => {
        const place = places.find((entry) => entry.value === value);
        const other = place?.project.id !== view.project.id;
        // Another project has other workflows and other data, so it gets a range of its own.
        const reset = { workflow: undefined, range: undefined, from: undefined, to: undefined };
        setSearch({ project: place?.project.id, env: place?.env, ...(other ? reset : {}) });
      }}
    />
  );
}

function ComparePicker(): ReactNode {
  const { compare, possible, choose } = useCompareSwitch();
  return (
    <Picker
      label={words.compare}
      icon="compare"
      testId="compare"
      text={compare ? frame.versus[compare] : words.compare}
      selected={compare ?? 'off'}
      options={COMPARISONS.map((entry) => ({
        ...entry,
        disabled: !possible && entry.value !== 'off',
        detail: !possible && entry.value !== 'off' ? words.notForAll : undefined,
      }))}
      onPick={choose}
    />
  );
}

function GranularityPicker(): ReactNode {
  const { by } = usePageSearch();
  const view = useView();
  const setSearch = useSetSearch();
  const span = view.bounds.to - view.bounds.from;
  const chosen = by && fits(by, span) ? by : undefined;
  return (
    <Picker
      label={words.granularity}
      icon="chart"
      testId="granularity"
      text={chosen ? dates.granularities[chosen] : words.autoIs(bucketWord(view.granularity))}
      selected={chosen ?? 'auto'}
      options={[
        { value: 'auto', label: words.auto, detail: bucketWord(autoGranularity(span)) },
        ...GRANULARITIES.map((entry) => ({
          value: entry.id,
          label: dates.granularities[entry.id],
          disabled: !fits(entry.id, span),
          detail: fits(entry.id, span) ? undefined : words.tooMany,
        })),
      ]}
      onPick={(value) => setSearch({ by: value === 'auto' ? undefined : (value as Granularity) })}
    />
  );
}

const spaced = (zone: string): string => zone.replaceAll('_', ' ');

function ZonePicker(): ReactNode {
  const view = useView();
  const setSearch = useSetSearch();
  const own = zoneOf(usePreferences());
  const label = (zone: string): string => {
    if (zone === browserZone()) return words.ownZone(spaced(zone));
    return zone === own ? words.preferredZone(spaced(zone)) : spaced(zone);
  };
  return (
    <Picker
      label={words.zone}
      icon="globe"
      testId="zone"
      text={spaced(view.zone)}
      short={spaced(view.zone.slice(view.zone.lastIndexOf('/') + 1))}
      selected={view.zone}
      searchable
      options={() =>
        allZones().map((zone) => ({
          value: zone,
          label: label(zone),
          detail: offsetLabel(view.bounds.to, zone),
        }))
      }
      onPick={(zone) => setSearch({ tz: zone === own ? undefined : zone })}
    />
  );
}
