import { useMemo, type ReactNode } from 'react';
import { Card } from '@/components/Card';
import { DataTable, InlineBar, parseSort, type Column } from '@/components/DataTable';
import { Delta, type Comparability } from '@/components/Delta';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import type { Answer } from '@/lib/answer';
import { compact, exact, exactFigure, isolated, NO_VALUE } from '@/lib/format';
import { connectors } from '@/words';
import { useComparability } from '../coverage';
import { useCounted, type Counted, type ExecutionFilters } from '../executionsLink';
import { figureColumn } from '../figureColumn';
import { FigureLink } from '../FigureLink';
import { knownPercentile, percentileColumn } from '../percentile';
import { usePageSearch, useSetSearch } from '../view';
import { ConnectorLink } from './ConnectorLink';
import { connectorRows, groupsOf, type ConnectorRow } from './rows';
import { connectorName } from './said';

const words = connectors.table;

/** Every connector with its speed, failures, retries and cache hits; each leads to its page. */
export function ConnectorTable(props: {
  query: QueryState<Answer>;
  coverage: Answer | undefined;
}): ReactNode {
  return (
    <Card title={words.title} testId="connectors">
      <QueryContent what={words.title} query={props.query} skeleton={<TableSkeleton rows={12} />}>
        {(answer) => <Rows answer={answer} coverage={props.coverage} />}
      </QueryContent>
    </Card>
  );
}

function p95Change(comparable: Comparability | undefined): Column<ConnectorRow> {
  const both = ({ p95, timed, before }: ConnectorRow): [number | null, number | null] => [
    knownPercentile(p95, timed),
    before ? knownPercentile(before.p95, before.timed) : null,
  ];
  return {
    id: 'change',
    header: words.p95Change,
    numeric: true,
    wideOnly: true,
    sortBy: (row) => {
      const [now, past] = both(row);
      return now !== null && past ? now / past : null;
    },
    exact: (row) => {
      if (comparable?.possible === false) return comparable.reason;
      const [now, past] = both(row);
      return now === null || past === null ? words.few : exactFigure(past, 'milliseconds');
    },
    cell: (row) => {
      const [now, past] = both(row);
      if (comparable?.possible === false || now === null || past === null) {
        return <span className="text-ink-3">{NO_VALUE}</span>;
      }
      return (
        <span className="inline-flex justify-end">
          <Delta
            now={now}
            before={past}
            metric={{ unit: 'milliseconds', goodDirection: 'down' }}
            comparable={comparable}
          />
        </span>
      );
    },
  };
}

/** A number that leads to the executions behind it. */
function linked(
  counted: Counted,
  of: 'runs' | 'failed',
  filters: (connector: string) => ExecutionFilters,
  label: (figure: string, connector: string) => string,
) {
  return function Linked(row: ConnectorRow): ReactNode {
    const { connector } = row;
    const shown = compact(row[of]);
    if (connector === null || row[of] === 0) return shown;
    return (
      <FigureLink
        view={counted}
        filters={filters(connector)}
        label={label(shown, isolated(connector))}
      >
        {shown}
      </FigureLink>
    );
  };
}

function columnsFor(
  answer: Answer,
  counted: Counted,
  comparable: Comparability | undefined,
  most: number,
): Column<ConnectorRow>[] {
  return [
    {
      id: 'name',
      header: words.connector,
      // On a phone, names take what figures leave.
      className: 'max-w-48 truncate max-md:w-full max-md:max-w-0',
      tells: true,
      sortBy: (row) => row.connector,
      cell: ({ connector }) =>
        connector === null ? (
          <span className="text-ink-3">{connectorName(null)}</span>
        ) : (
          <ConnectorLink row type={connector} />
        ),
    },
    {
      ...figureColumn<'runs', ConnectorRow>('runs', words.runs, 'count', true),
      cell: linked(counted, 'runs', (stepType) => ({ stepType }), words.show),
    },
    {
      ...figureColumn<'failed', ConnectorRow>('failed', words.failed, 'count'),
      cell: linked(counted, 'failed', (failedStepType) => ({ failedStepType }), words.showFailed),
    },
    { ...figureColumn<'share', ConnectorRow>('share', words.share, 'percent'), first: 'desc' },
    {
      id: 'bar',
      header: '',
      wideOnly: true,
      className: 'w-[10%]',
      cell: (row) => <InlineBar share={row.failed / most} color="var(--failed)" />,
    },
    percentileColumn('p50', words.p50, ({ timed }) => timed, true),
    percentileColumn('p95', words.p95, ({ timed }) => timed),
    ...(answer.comparison ? [p95Change(comparable)] : []),
    figureColumn('retries', words.retries, 'count', true),
    {
      ...figureColumn<'cache', ConnectorRow>('cache', words.cache, 'percent', true),
      exact: ({ hits, lookups }) => connectors.tiles.cacheOf(exact(hits), exact(lookups)),
    },
  ];
}

function Rows(props: { answer: Answer; coverage: Answer | undefined }): ReactNode {
  const { answer } = props;
  const { sort } = usePageSearch();
  const setSearch = useSetSearch();
  const comparable = useComparability(props.coverage, answer.query.range);
  const counted = useCounted(answer);
  const rows = useMemo(() => connectorRows(answer), [answer]);
  if (rows.length === 0) return <EmptyNote>{words.nothing}</EmptyNote>;
  const most = Math.max(...rows.map(({ failed }) => failed), 1);
  const others = groupsOf(answer) - rows.length;
  return (
    <>
      <DataTable
        label={words.title}
        columns={columnsFor(answer, counted, comparable, most)}
        rows={rows}
        rowKey={({ connector }) => connector ?? ''}
        sort={parseSort(sort, { by: 'failed', direction: 'desc' })}
        onSort={({ by, direction }) => setSearch({ sort: `${by}.${direction}` }, { replace: true })}
      />
      {others > 0 && <p className="border-t px-4 py-2 text-xs text-ink-3">{words.cut(others)}</p>}
    </>
  );
}
