import { useMemo, type ReactNode } from 'react';
import { DataTable, type Column } from '@/components/DataTable';
import { EmptyNote } from '@/components/states';
import type { Answer } from '@/lib/answer';
import { exact, NO_VALUE } from '@/lib/format';
import { interval } from '@/lib/zone';
import { connectors } from '@/words';
import { ConnectorLink } from './ConnectorLink';
import { blocksOf, failed, isBad, pooled, type HeatRow, type Measure } from './heat';
import { connectorName, heatFigure } from './said';

const words = connectors.heat.table;
/** How many stretches are listed. */
const SHOWN = 100;

/** A stretch of time in which a connector failed, or was slow. */
interface Stretch {
  connector: string | null;
  from: number;
  until: number;
  runs: number;
  value: number | null;
  lower: number | null;
}

/** What stands out in a heatmap, the worst first: the bound of all runs of a stretch, or the worst one of its buckets. */
export function stretchesOf(rows: HeatRow[], measure: Measure): Stretch[] {
  const found = rows.flatMap(({ connector, cells }) =>
    blocksOf(cells)
      .filter(isBad)
      .map(({ from, until, cells: own }): Stretch => {
        const { runs, value } = pooled(own, measure);
        const part = own.reduce((sum, cell) => sum + cell.part, 0);
        const lower =
          measure === 'failures'
            ? failed(part, runs).lower
            : Math.max(...own.map((cell) => cell.lower ?? 0));
        return { connector, from, until, runs, value, lower };
      }),
  );
  return found.sort((a, b) => (b.lower ?? 0) - (a.lower ?? 0) || a.from - b.from);
}

/** The same as the heatmap, as a table of what stands out. */
export function BlockTable(props: {
  answer: Answer;
  rows: HeatRow[];
  measure: Measure;
}): ReactNode {
  const { answer, rows, measure } = props;
  const { zone } = answer.frame;
  const found = useMemo(() => stretchesOf(rows, measure), [rows, measure]);
  if (found.length === 0) return <EmptyNote>{words.nothing}</EmptyNote>;
  const shown = (value: number | null): string =>
    value === null ? NO_VALUE : heatFigure(measure, value);
  const columns: Column<Stretch>[] = [
    {
      id: 'connector',
      header: words.connector,
      className: 'max-w-48 truncate',
      tells: true,
      cell: ({ connector }) =>
        connector === null ? connectorName(null) : <ConnectorLink type={connector} />,
    },
    { id: 'when', header: words.when, cell: ({ from, until }) => interval(from, until, zone) },
    {
      id: 'value',
      header: words.value[measure],
      numeric: true,
      cell: ({ value }) => shown(value),
    },
    {
      id: 'lower',
      header: words.lower,
      numeric: true,
      wideOnly: true,
      cell: ({ lower }) => shown(lower),
    },
    {
      id: 'runs',
      header: words.runs,
      numeric: true,
      wideOnly: true,
      cell: ({ runs }) => exact(runs),
    },
  ];
  return (
    <>
      <DataTable
        label={connectors.heat.title[measure]}
        columns={columns}
        rows={found}
        rowKey={({ connector, from }) => `${connector ?? ''} ${from}`}
        limit={SHOWN}
      />
      {found.length > SHOWN && (
        <p className="border-t px-4 py-2 text-xs text-ink-3">
          {words.cut(exact(SHOWN), exact(found.length))}
        </p>
      )}
    </>
  );
}
