import type { ReactNode } from 'react';
import type { Versions } from '@/api/workflow';
import { DataTable, type Column } from '@/components/DataTable';
import { Name } from '@/components/Name';
import { exactFigure, figure, NO_VALUE } from '@/lib/format';
import { dateTime } from '@/lib/zone';
import { workflow as words } from '@/words';
import { aroundRates, fromZero, type Scale } from './scale';
import { Whisker } from './Whisker';

const SAID = words.versions;

export type Version = Versions['versions'][number];
type Measured = 'successRate' | 'durationP50' | 'durationP95';

/** The metric of the comparison behind each figure. */
const METRICS: Record<Measured, string> = {
  successRate: 'success_rate',
  durationP50: 'duration_p50',
  durationP95: 'duration_p95',
};

/** What is known about the difference between a version's figure and that of the version before it. */
export function findingOf(version: Version, metric: string): string | undefined {
  return version.change?.differences.find((entry) => entry.metric === metric)?.finding;
}

/** A finding in a word, with its colour. */
export function FindingWord({ finding }: { finding: string | undefined }): ReactNode {
  if (!finding) return null;
  const tone = finding === 'better' ? 'text-good' : finding === 'worse' ? 'text-bad' : 'text-ink-3';
  return <span className={`text-2xs ${tone}`}>{SAID.findings[finding] ?? finding}</span>;
}

const toneOf = (finding: string | undefined): 'good' | 'bad' | undefined =>
  finding === 'better' ? 'good' : finding === 'worse' ? 'bad' : undefined;

/** Only what is beyond chance, and what nothing can be said about, is worth a word in the table. */
const worthAWord = (finding: string | undefined): string | undefined =>
  finding === 'no_difference' ? undefined : finding;

function measured(
  id: Measured,
  header: string,
  unit: 'percent' | 'milliseconds',
  scale: Scale,
): Column<Version>[] {
  const finding = (version: Version) => findingOf(version, METRICS[id]);
  return [
    {
      id,
      header,
      numeric: true,
      cell: (version) => (
        <span className="flex flex-col items-end py-1 leading-4">
          {figure(version[id]?.value, unit)}
          <FindingWord finding={worthAWord(finding(version))} />
        </span>
      ),
      exact: (version) => {
        const of = version[id];
        return of
          ? `${exactFigure(of.value, unit)} (${SAID.between(figure(of.lower, unit), figure(of.upper, unit))})`
          : NO_VALUE;
      },
    },
    {
      id: `${id}-whisker`,
      header: '',
      wideOnly: true,
      className: 'w-1/8',
      cell: (version) => <Whisker of={version[id]} {...scale} tone={toneOf(finding(version))} />,
    },
  ];
}

/** Versions as rows, the newest first, on common scales. */
export function SideBySide({ versions, zone }: { versions: Version[]; zone: string }): ReactNode {
  const time = (text: string | null | undefined): string =>
    text ? dateTime(Date.parse(text), zone) : NO_VALUE;
  const columns: Column<Version>[] = [
    {
      id: 'version',
      header: SAID.version,
      className: 'max-w-60',
      tells: true,
      cell: (version) => <Name cut of={version.version} />,
    },
    {
      id: 'ran',
      header: SAID.ran,
      className: 'text-xs whitespace-nowrap text-ink-2',
      widestOnly: true,
      cell: (version) => SAID.since(time(version.first), time(version.last)),
    },
    {
      id: 'executions',
      header: SAID.executions,
      numeric: true,
      cell: (version) => figure(version.executions, 'count'),
      exact: (version) => exactFigure(version.executions, 'count'),
    },
    ...measured(
      'successRate',
      SAID.success,
      'percent',
      aroundRates(versions.map((version) => version.successRate)),
    ),
    ...measured(
      'durationP50',
      'p50',
      'milliseconds',
      fromZero(versions.map((version) => version.durationP50)),
    ),
    ...measured(
      'durationP95',
      'p95',
      'milliseconds',
      fromZero(versions.map((version) => version.durationP95)),
    ),
    {
      id: 'cost',
      header: SAID.perExecution,
      numeric: true,
      wideOnly: true,
      cell: (version) => figure(version.costPerExecution, 'usd'),
      exact: (version) => exactFigure(version.costPerExecution, 'usd'),
    },
  ];
  return (
    <DataTable
      label={SAID.title}
      columns={columns}
      rows={versions}
      rowKey={(version) => version.version}
    />
  );
}
