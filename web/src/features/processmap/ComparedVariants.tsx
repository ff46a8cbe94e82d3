import type { ReactNode } from 'react';
import type { VariantComparison } from '@/api/processMap';
import { DataTable, type Column } from '@/components/DataTable';
import { counted, exact, figure } from '@/lib/format';
import { useNarrow } from '@/lib/media';
import { nouns, processmap as words } from '@/words';
import { Chevrons } from './Chevrons';
import { ComparedPaths } from './ComparedPaths';
import { differenceOf, findingOf } from './comparedRows';

type Row = VariantComparison['rows'][number];

/** How many paths are listed: those that differ most. */
const MOST = 12;
/** The same on narrow screens, where each step of a path has a line. */
const MOST_NARROW = 6;

/** The paths of two groups, those that differ most first, with the bounds of each difference. */
export function ComparedVariants(props: {
  data: VariantComparison;
  colors: Map<string, number>;
}): ReactNode {
  const { data, colors } = props;
  const narrow = useNarrow();
  const most = narrow ? MOST_NARROW : MOST;
  const share = (side: 'a' | 'b'): Column<Row> => ({
    id: side,
    header: words.comparison[side],
    numeric: true,
    cell: (row) => figure(row[side].share, 'percent'),
    exact: (row) => counted(row[side].executions, nouns.execution),
  });
  const columns: Column<Row>[] = [
    {
      id: 'path',
      header: words.comparison.path,
      className: 'w-1/2 max-w-0',
      cell: (row) => <Chevrons steps={row.steps} colors={colors} whole={false} />,
    },
    share('a'),
    share('b'),
    {
      id: 'difference',
      header: words.comparison.difference,
      numeric: true,
      cell: (row) => {
        const difference = differenceOf(row);
        if (!difference) return figure(null, 'percent');
        return (
          <>
            {difference.text}
            <span className="block text-2xs leading-3 text-ink-3">{difference.bounds}</span>
          </>
        );
      },
      exact: (row) => differenceOf(row)?.bounds ?? '',
    },
    {
      id: 'finding',
      header: '',
      wideOnly: true,
      className: 'text-xs',
      cell: (row) => {
        const { text, color } = findingOf(row);
        return (
          <span className="whitespace-nowrap" style={{ color }}>
            {text}
          </span>
        );
      },
    },
  ];
  const differing = data.rows.filter(({ finding }) => finding === 'different');
  return (
    <>
      <p className="px-4 pb-1 text-ink">{words.comparison.differ(differing.length)}</p>
      <p className="px-4 pb-2 text-xs text-ink-2">
        {words.comparison.sizes(exact(data.a.executions), exact(data.b.executions))}
        {data.rows.length > most && ` ${words.comparison.cut(most, data.rows.length)}`}
      </p>
      {narrow ? (
        <ComparedPaths rows={data.rows} most={most} colors={colors} />
      ) : (
        <DataTable
          label={words.comparison.title}
          columns={columns}
          rows={data.rows}
          rowKey={(row) => row.id}
          limit={most}
          testId="compared-variants"
        />
      )}
    </>
  );
}
