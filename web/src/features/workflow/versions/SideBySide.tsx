import type { ReactNode } from 'react';
import { DataTable, type Column } from '@/components/DataTable';
import { Name } from '@/components/Name';
import { exactFigure, figure, NO_VALUE } from '@/lib/format';
import { dateTime } from '@/lib/zone';
import { workflow as words } from '@/words';
import { useExecutionsLink } from '../../executionsLink';
import { useWorkflow } from '../context';
import { findingOf, inShort, type Version } from './findings';
import { aroundRates, fromZero, type Scale } from './scale';
import { Whisker } from './Whisker';

const SAID = words.versions;

type Measured = 'successRate' | 'durationP50' | 'durationP95';

/** The metric of the comparison behind each figure. */
const METRICS: Record<Measured, string> = {
  successRate: 'success_rate',
  durationP50: 'duration_p50',
  durationP95: 'duration_p95',
};

/** A finding in a word, with its colour. */
export function FindingWord({ finding }: { finding: string | undefined }): ReactNode {
  if (!finding) return null;
  const tone = finding === 'better' ? 'text-good' : finding === 'worse' ? 'text-bad' : 'text-ink-3';
  return (
    <span className={`text-2xs whitespace-nowrap ${tone}`}>
      {SAID.findings[finding] ?? finding}
    </span>
  );
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
): Column<Version> {
  const finding = (version: Version) => findingOf(version, METRICS[id]);
  return {
    id,
    header,
    numeric: true,
    cell: (version) => (
      <span className="flex items-center justify-end gap-3 py-1">
        <Whisker
          of={version[id]}
          {...scale}
          tone={toneOf(finding(version))}
          className="w-20 max-xl:hidden"
        />
        <span className="flex flex-col items-end leading-4 xl:w-24">
          {figure(version[id]?.value, unit)}
          <FindingWord finding={worthAWord(finding(version))} />
        </span>
      </span>
    ),
    exact: (version) => {
      const of = version[id];
      return of
        ? `${exactFigure(of.value, unit)} (${SAID.between(figure(of.lower, unit), figure(of.upper, unit))})`
        : NO_VALUE;
    },
  };
}

interface Props {
  versions: Version[];
  zone: string;
  /** The version whose change is shown below. */
  chosen: string | undefined;
  onChoose: (version: string) => void;
}

/** Versions as rows, the newest first, on common scales. A row chooses the version whose change is shown. */
export function SideBySide({ versions, zone, chosen, onChoose }: Props): ReactNode {
  const { view } = useWorkflow();
  const link = useExecutionsLink(view);
  const time = (text: string | null | undefined): string =>
    text ? dateTime(Date.parse(text), zone) : NO_VALUE;
  const columns: Column<Version>[] = [
    {
      id: 'version',
      header: SAID.version,
      className: 'max-w-56',
      tells: true,
      cell: (version) => (
        <span className="flex flex-col py-1 leading-4">
          <VersionName
            of={version}
            chosen={version.version === chosen}
            onChoose={() => onChoose(version.version)}
          />
          <span
            title={SAID.since(time(version.first), time(version.last))}
            className="text-2xs whitespace-nowrap text-ink-3"
          >
            {SAID.from(time(version.first))}
          </span>
        </span>
      ),
    },
    {
      id: 'executions',
      header: SAID.executions,
      numeric: true,
      cell: (version) => (
        <a {...link({ version: version.version })} className="relative z-1 hover:underline">
          {figure(version.executions, 'count')}
        </a>
      ),
      exact: (version) => exactFigure(version.executions, 'count'),
    },
    measured(
      'successRate',
      SAID.success,
      'percent',
      aroundRates(versions.map((version) => version.successRate)),
    ),
    measured(
      'durationP50',
      SAID.medianShort,
      'milliseconds',
      fromZero(versions.map((version) => version.durationP50)),
    ),
    measured(
      'durationP95',
      SAID.p95Short,
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
    {
      id: 'change',
      header: SAID.change,
      className: 'max-w-64 text-xs',
      widestOnly: true,
      tells: true,
      cell: (version) => <ChangeInShort change={version.change} />,
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

/** The name of a version: a button if it has a version before it to be compared with. */
function VersionName(props: { of: Version; chosen: boolean; onChoose: () => void }): ReactNode {
  const { of, chosen } = props;
  if (!of.change) return <Name cut of={of.version} />;
  return (
    <button
      type="button"
      data-row-link
      aria-pressed={chosen}
      onClick={props.onChoose}
      className={`max-w-full text-left after:absolute after:inset-0 hover:underline ${chosen ? 'font-semibold text-accent' : ''}`}
    >
      <Name cut of={of.version} />
    </button>
  );
}

/** The step behind a change, or why there is none, in a few words. */
function ChangeInShort({ change }: { change: Version['change'] }): ReactNode {
  if (!change) return <span className="text-ink-3">{SAID.oldest}</span>;
  const text = inShort(change);
  return (
    <span title={text} className="block truncate">
      {text}
    </span>
  );
}
