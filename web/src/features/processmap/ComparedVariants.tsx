import type { ReactNode } from 'react';
import type { Difference, VariantComparison } from '@/api/processMap';
import { DataTable, type Column } from '@/components/DataTable';
import { counted, exact, figure, fixed } from '@/lib/format';
import { nouns, processmap as words } from '@/words';
import { Chevrons } from './Chevrons';

type Row = VariantComparison['rows'][number];

/** How many paths are listed: those that differ most. */
const MOST = 12;

/** A difference in percentage points, with its sign. */
export function points(value: number): string {
  const size = fixed(Math.abs(value), 1);
  const sign = Math.abs(value) < 0.05 ? '' : value > 0 ? '+' : '−';
  return `${sign}${size}`;
}

/** What B has more than A: the API has it the other way round. */
const ofB = ({ value, lower, upper }: Difference): Difference => ({
  value: -value,
  lower: -upper,
  upper: -lower,
});

function findingOf(row: Row): { text: string; color: string } {
  if (row.finding === 'not_enough_data' || !row.difference) {
    return { text: words.comparison.findings.few, color: 'var(--ink-3)' };
  }
  if (row.finding === 'no_difference') {
    return { text: words.comparison.findings.same, color: 'var(--ink-3)' };
  }
  return row.difference.value < 0
    ? { text: words.comparison.findings.more, color: 'var(--more-b)' }
    : { text: words.comparison.findings.less, color: 'var(--more-a)' };
}

/** The paths of two groups, those that differ most first, with the bounds of each difference. */
export function ComparedVariants(props: {
  data: VariantComparison;
  colors: Map<string, number>;
}): ReactNode {
  const { data, colors } = props;
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
        if (!row.difference) return figure(null, 'percent');
        const { value, lower, upper } = ofB(row.difference);
        return (
          <>
            {words.comparison.points(points(value))}
            <span className="block text-2xs leading-3 text-ink-3 max-sm:hidden">
              {words.comparison.bounds(points(lower), points(upper))}
            </span>
          </>
        );
      },
      exact: (row) => {
        const found = row.difference && ofB(row.difference);
        return found ? words.comparison.bounds(points(found.lower), points(found.upper)) : '';
      },
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
        {data.rows.length > MOST && ` ${words.comparison.cut(MOST, data.rows.length)}`}
      </p>
      <DataTable
        label={words.comparison.title}
        columns={columns}
        rows={data.rows}
        rowKey={(row) => row.id}
        limit={MOST}
        testId="compared-variants"
      />
    </>
  );
}
