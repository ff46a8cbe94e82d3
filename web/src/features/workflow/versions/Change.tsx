import type { ReactNode } from 'react';
import { Card } from '@/components/Card';
import { DataTable, type Column } from '@/components/DataTable';
import { exactFigure, figure, isolated, NO_VALUE } from '@/lib/format';
import { workflow as words } from '@/words';
import { reasons, signed, unitOf, type Version, type VersionChange } from './findings';
import { FindingWord } from './SideBySide';

const SAID = words.versions;

type Difference = VersionChange['differences'][number];

/** The bounds of a difference; why there are none. */
function boundsOf({ metric, lower, upper }: Difference): string {
  if (typeof lower === 'number' && typeof upper === 'number') {
    return SAID.range(signed(lower, metric), signed(upper, metric));
  }
  return metric === 'cost_per_execution' ? SAID.noBounds : NO_VALUE;
}

const COLUMNS: Column<Difference>[] = [
  {
    id: 'metric',
    header: SAID.figure,
    className: 'md:w-1/4',
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
    exact: boundsOf,
  },
  {
    id: 'bounds',
    header: SAID.bounds,
    numeric: true,
    wideOnly: true,
    className: 'text-xs text-ink-2',
    cell: boundsOf,
  },
  {
    id: 'finding',
    header: '',
    // Costs are not spread over executions, so there is never enough data about them.
    cell: (entry) =>
      entry.metric !== 'cost_per_execution' && <FindingWord finding={entry.finding} />,
  },
];

/** What a version changed against the one before it. */
export function Change({ version }: { version: Version }): ReactNode {
  const { change } = version;
  if (!change) return null;
  const said = reasons(change);
  return (
    <Card
      title={SAID.changed(isolated(version.version), isolated(change.against))}
      testId="version-change"
      className="col-span-full"
    >
      {said.length > 0 && <p className="px-4 pb-2">{said.join(' ')}</p>}
      <DataTable
        label={SAID.changed(version.version, change.against)}
        columns={COLUMNS}
        rows={change.differences}
        rowKey={(entry) => entry.metric}
      />
    </Card>
  );
}
