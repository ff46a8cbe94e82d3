import type { ReactNode } from 'react';
import type { ServerLevel } from '@/api/server';
import { Card } from '@/components/Card';
import { DataTable, InlineBar, type Column } from '@/components/DataTable';
import { Tag } from '@/components/Tag';
import { exactFigure, figure, NO_VALUE, percent } from '@/lib/format';
import { figures, server as words } from '@/words';

const SAID = words.levels;

/** The error budget that is left, in words; it can be overspent many times over. */
function leftWords({ budgetLeftPct: left }: ServerLevel): string {
  if (typeof left !== 'number') return NO_VALUE;
  return left > 0 ? percent(left) : SAID.overspent;
}

const COLUMNS: Column<ServerLevel>[] = [
  {
    id: 'level',
    header: SAID.level,
    className: 'py-1',
    cell: ({ kind }) => (
      <>
        <span className="font-medium">{SAID.names[kind]}</span>
        <span className="block text-2xs text-ink-3">{SAID.good[kind]}</span>
      </>
    ),
  },
  {
    id: 'actual',
    header: SAID.actual,
    numeric: true,
    cell: ({ actualPct, targetPct }) => (
      <>
        {figure(actualPct, 'percent')}
        <span className="block text-2xs text-ink-3 md:hidden">
          {SAID.targetIs(exactFigure(targetPct, 'percent'))}
        </span>
      </>
    ),
    exact: ({ actualPct, good, total }) =>
      `${exactFigure(actualPct, 'percent')}, ${SAID.counts(good, total)}`,
  },
  {
    id: 'target',
    header: SAID.target,
    numeric: true,
    wideOnly: true,
    cell: ({ targetPct }) => exactFigure(targetPct, 'percent'),
  },
  {
    id: 'verdict',
    header: SAID.verdict,
    cell: ({ met }) =>
      typeof met === 'boolean' ? (
        <Tag tone={met ? 'plain' : 'bad'}>
          <span className="whitespace-nowrap">{met ? SAID.met : SAID.missed}</span>
        </Tag>
      ) : (
        <span className="text-xs text-ink-3">{figures.tooFew}</span>
      ),
  },
  {
    id: 'left',
    header: SAID.left,
    numeric: true,
    className: 'w-[22%]',
    cell: (level) => {
      const share = (level.budgetLeftPct ?? 0) / 100;
      return (
        <span className="flex items-center justify-end gap-x-3 gap-y-1 max-md:flex-col max-md:items-end">
          {leftWords(level)}
          <span className="w-24 max-md:w-full">
            <InlineBar share={share} color={`var(${share > 0.25 ? '--good' : '--waiting'})`} />
          </span>
        </span>
      );
    },
    exact: ({ budgetLeftPct: left, total, needed }) =>
      typeof left === 'number'
        ? SAID.spent(exactFigure(100 - left, 'percent'))
        : SAID.few(total, needed),
  },
];

/** The service levels of the server itself. */
export function Levels({ levels }: { levels: ServerLevel[] }): ReactNode {
  return (
    <Card title={SAID.title} note={SAID.note} testId="server-levels">
      <DataTable
        label={SAID.title}
        columns={COLUMNS}
        rows={levels}
        presorted
        rowKey={({ kind }) => kind}
      />
    </Card>
  );
}
