import type { ReactNode } from 'react';
import type { Unit } from '@/api/types';
import type { Versions } from '@/api/workflow';
import { Card } from '@/components/Card';
import { DataTable, type Column } from '@/components/DataTable';
import { exactFigure, figure, fixed, isolated, NO_VALUE, percent } from '@/lib/format';
import { workflow as words } from '@/words';
import { FindingWord, type Version } from './SideBySide';

const SAID = words.versions;

type VersionChange = NonNullable<Versions['versions'][number]['change']>;
type Difference = VersionChange['differences'][number];

const UNITS: Record<string, Unit> = { success_rate: 'percent', cost_per_execution: 'usd' };
const unitOf = (metric: string): Unit => UNITS[metric] ?? 'milliseconds';

/** A difference with its sign, in its unit; differences of rates are points. */
function signed(value: number | null | undefined, metric: string): string {
  if (typeof value !== 'number') return NO_VALUE;
  const size = Math.abs(value);
  const sign = value < 0 ? '−' : '+';
  if (unitOf(metric) === 'percent') return SAID.points(`${sign}${fixed(size, 1)}`);
  return `${sign}${figure(size, unitOf(metric))}`;
}

const COLUMNS: Column<Difference>[] = [
  {
    id: 'metric',
    header: SAID.figure,
    cell: (entry) => SAID.metrics[entry.metric] ?? entry.metric,
  },
  {
    id: 'before',
    wideOnly: true,
    header: SAID.before,
    numeric: true,
    cell: (entry) => figure(entry.baseline, unitOf(entry.metric)),
    exact: (entry) => exactFigure(entry.baseline, unitOf(entry.metric)),
  },
  {
    id: 'after',
    header: SAID.after,
    numeric: true,
    cell: (entry) => figure(entry.value, unitOf(entry.metric)),
    exact: (entry) => exactFigure(entry.value, unitOf(entry.metric)),
  },
  {
    id: 'difference',
    header: SAID.difference,
    numeric: true,
    cell: (entry) => signed(entry.difference, entry.metric),
    exact: (entry) =>
      typeof entry.lower === 'number' && typeof entry.upper === 'number'
        ? SAID.between(signed(entry.lower, entry.metric), signed(entry.upper, entry.metric))
        : SAID.noBounds,
  },
  {
    id: 'finding',
    header: '',
    // Costs are not spread over executions, so there is never enough data about them.
    cell: (entry) =>
      entry.metric !== 'cost_per_execution' && <FindingWord finding={entry.finding} />,
  },
];

/** The step behind a change, in sentences. */
function reasons(change: VersionChange): string[] {
  const { responsibleStep, failingStep } = change;
  const found: string[] = [];
  if (responsibleStep) {
    found.push(
      SAID.responsible(
        isolated(responsibleStep.stepName ?? responsibleStep.stepId),
        signed(responsibleStep.contributionMs, 'duration_avg'),
        typeof responsibleStep.share === 'number' ? percent(responsibleStep.share) : NO_VALUE,
      ),
    );
  }
  if (failingStep) {
    found.push(
      SAID.failing(
        isolated(failingStep.stepName ?? failingStep.stepId),
        signed(failingStep.successRate.difference, 'success_rate'),
      ),
    );
  }
  const changed = change.differences.some((entry) => ['better', 'worse'].includes(entry.finding));
  return found.length === 0 && changed ? [SAID.noStep] : found;
}

/** What a version changed against the one before it. */
export function Change({ version }: { version: Version }): ReactNode {
  const { change } = version;
  if (!change) return null;
  const said = reasons(change);
  return (
    <Card
      title={SAID.changed(isolated(version.version), isolated(change.against))}
      testId="version-change"
      className="col-span-full xl:col-span-6"
    >
      {said.length > 0 && <p className="px-4 pb-2 text-ink-2">{said.join(' ')}</p>}
      <DataTable
        label={SAID.changed(version.version, change.against)}
        columns={COLUMNS}
        rows={change.differences}
        rowKey={(entry) => entry.metric}
      />
    </Card>
  );
}
