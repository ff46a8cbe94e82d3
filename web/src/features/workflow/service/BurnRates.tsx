import type { ReactNode } from 'react';
import type { ServiceLevel } from '@/api/workflow';
import { Card } from '@/components/Card';
import { DataTable, type Column } from '@/components/DataTable';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { TableSkeleton } from '@/components/states';
import { Tag } from '@/components/Tag';
import { counted, multiple, NO_VALUE } from '@/lib/format';
import { nouns, workflow as words } from '@/words';

const SAID = words.service;

type Alert = ServiceLevel['burnRates']['alerts'][number];
type Window = Alert['long'];

const rate = (value: number | null | undefined): string =>
  typeof value === 'number' ? multiple(value, value < 10 ? 1 : 0) : NO_VALUE;

const runsOf = (window: Window): string =>
  `${counted(window.runs, nouns.run)}, ${SAID.bad(window.bad)}`;

function windowColumn(id: 'long' | 'short', header: string): Column<Alert> {
  return {
    id,
    header,
    numeric: true,
    cell: (alert) => (
      <>
        <span className="text-ink-3">{alert[id].window}</span> {rate(alert[id].burnRate)}
      </>
    ),
    exact: (alert) => runsOf(alert[id]),
  };
}

/** The state of an alert in words: with fewer runs than the target requires, it could not fire. */
export function burnWords({ state, long }: Alert, minimumRuns: number): string {
  const few = state === 'not_enough_data' || (state === 'ok' && long.runs < minimumRuns);
  return few ? SAID.tooFewToAlert : SAID.burnStates[state];
}

const columnsOf = (minimumRuns: number): Column<Alert>[] => [
  { id: 'objective', header: SAID.objective, cell: (alert) => SAID.objectives[alert.objective] },
  {
    id: 'severity',
    header: SAID.severity,
    wideOnly: true,
    cell: (alert) => SAID.severities[alert.severity] ?? alert.severity,
  },
  windowColumn('long', SAID.long),
  { ...windowColumn('short', SAID.short), wideOnly: true },
  {
    id: 'factor',
    header: SAID.alertsAbove,
    numeric: true,
    cell: (alert) => rate(alert.factor),
    exact: (alert) => SAID.factor(alert.budgetPct, alert.long.window),
  },
  {
    id: 'state',
    className: 'whitespace-nowrap',
    header: SAID.state,
    cell: (alert) => (
      <Tag tone={alert.state === 'firing' ? 'bad' : 'plain'}>{burnWords(alert, minimumRuns)}</Tag>
    ),
  },
];

/** How fast the error budget is spent: 1 × spends it exactly by the end of the window. */
export function BurnRates({ query }: { query: QueryState<ServiceLevel> }): ReactNode {
  return (
    <Card
      title={SAID.burn}
      note={SAID.burnNote}
      testId="burn-rates"
      className="col-span-full xl:col-span-7"
    >
      <QueryContent what={SAID.burn} query={query} skeleton={<TableSkeleton rows={8} />}>
        {({ burnRates, config }) => (
          <>
            <DataTable
              label={SAID.burn}
              columns={columnsOf(config.minimumRuns)}
              rows={burnRates.alerts}
              rowKey={(alert) => `${alert.objective} ${alert.long.window}`}
            />
            <p className="border-t px-4 py-2 text-xs text-ink-3">
              {SAID.burnWindows(parseInt(burnRates.period, 10))}
            </p>
          </>
        )}
      </QueryContent>
    </Card>
  );
}
