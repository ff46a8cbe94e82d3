import { useMemo, type ReactNode } from 'react';
import type { MetricInfo } from '@/api/types';
import { Button } from '@/components/Button';
import { Card } from '@/components/Card';
import { DataTable, type Column } from '@/components/DataTable';
import { Delta, type Comparability } from '@/components/Delta';
import { Icon } from '@/components/Icon';
import { Name } from '@/components/Name';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import type { Answer } from '@/lib/answer';
import { csvOf } from '@/lib/csv';
import { download } from '@/lib/download';
import { exactFigure } from '@/lib/format';
import { explore as words } from '@/words';
import { numberOf } from '../rows';
import { Behind } from './Behind';
import type { Dimension } from './catalogue';
import { linesOf, tableOf, type Line } from './rows';
import { orderOf, useExploreSearch } from './search';

/** More rows than this make the page slow. */
const MOST_ROWS = 500;

interface Props {
  query: QueryState<Answer>;
  metrics: MetricInfo[];
  groups: Dimension[];
  comparable: Comparability | undefined;
}

/** Every figure of an answer, one row for each bucket and group, in the order of the answer. */
export function AnswerTable(props: Props): ReactNode {
  const { query } = props;
  const answer = query.data;
  const save = (): void => {
    if (!answer) return;
    const text = csvOf(tableOf(answer, props.groups, props.metrics));
    download('weir-explore.csv', new Blob([text], { type: 'text/csv' }));
  };
  return (
    <Card
      title={words.table}
      note={answer && words.rows(answer.rows.length)}
      testId="explore-table"
      actions={
        answer &&
        answer.rows.length > 0 && (
          <Button kind="quiet" small title={words.csvHint} onClick={save}>
            <Icon name="download" size={14} /> {words.csv}
          </Button>
        )
      }
    >
      <QueryContent what={words.table} query={query} skeleton={<TableSkeleton rows={8} />}>
        {(loaded) => <Lines {...props} answer={loaded} />}
      </QueryContent>
    </Card>
  );
}

function Lines({ answer, metrics, groups, comparable }: Props & { answer: Answer }): ReactNode {
  const [search, set] = useExploreSearch();
  const lines = useMemo(() => linesOf(answer, groups), [answer, groups]);
  if (lines.length === 0) return <EmptyNote>{words.empty}</EmptyNote>;
  const sortable = groups.length > 0 && !answer.query.granularity;
  const order = orderOf(search.sort) ?? { by: metrics[0]?.name ?? '', direction: 'desc' as const };
  const columns = [
    ...nameColumns(answer, groups, sortable),
    ...metrics.flatMap((metric) => [
      metricColumn(metric, sortable, (line) => (
        <Behind answer={answer} groups={groups} line={line} metric={metric} />
      )),
      ...(answer.comparison ? [changeColumn(metric, comparable)] : []),
    ]),
  ];
  return (
    <div className="[&_.scroll-edges]:max-h-120 [&_.scroll-edges]:overflow-y-auto [&_thead]:sticky [&_thead]:top-0 [&_thead]:z-2 [&_thead]:bg-surface">
      <DataTable
        label={words.table}
        columns={columns}
        rows={lines}
        rowKey={({ key }) => key}
        // The API sorts: a table of the first groups has them all in order, and the rest last.
        presorted
        sort={sortable ? order : undefined}
        onSort={sortable ? ({ by, direction }) => set({ sort: `${by}.${direction}` }) : undefined}
        limit={MOST_ROWS}
      />
      {lines.length > MOST_ROWS && (
        <p className="px-4 py-2 text-ink-3">{words.rowsCut(MOST_ROWS, lines.length)}</p>
      )}
    </div>
  );
}

/** Without a way to sort here, a header is no button; the values are for the API to compare. */
const anyOrder = (): null => null;

function nameColumns(answer: Answer, groups: Dimension[], sortable: boolean): Column<Line>[] {
  const time = answer.query.granularity
    ? [{ name: 'time', label: words.time, declared: false }]
    : [];
  return [...time, ...groups].map(({ name, label }, index) => ({
    id: name,
    header: label,
    className: 'max-w-56 truncate',
    tells: true,
    ...(sortable ? { sortBy: anyOrder } : {}),
    cell: ({ names, listed }) =>
      names[index] === undefined ? null : (
        <span className={listed ? '' : 'text-ink-3'}>
          <Name cut of={names[index]} />
        </span>
      ),
  }));
}

const metricColumn = (
  metric: MetricInfo,
  sortable: boolean,
  cell: (line: Line) => ReactNode,
): Column<Line> => ({
  id: metric.name,
  header: metric.label,
  numeric: true,
  ...(sortable ? { sortBy: anyOrder } : {}),
  cell,
  exact: ({ row }) => exactFigure(numberOf(row, metric.name), metric.unit),
});

function changeColumn(metric: MetricInfo, comparable: Comparability | undefined): Column<Line> {
  return {
    id: `${metric.name} change`,
    header: words.changeOf(metric.label),
    numeric: true,
    exact: ({ before }) =>
      comparable?.possible === false
        ? comparable.reason
        : words.before(exactFigure(numberOf(before, metric.name), metric.unit)),
    cell: ({ row, before }) => (
      <span className="inline-flex justify-end">
        <Delta
          now={numberOf(row, metric.name)}
          before={numberOf(before, metric.name)}
          metric={metric}
          comparable={comparable}
        />
      </span>
    ),
  };
}
