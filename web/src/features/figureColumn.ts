import type { Unit } from '@/api/types';
import type { Column } from '@/components/DataTable';
import { exactFigure, figure } from '@/lib/format';

/** A column for a figure of each row, in its unit; it sorts by the figure. */
export function figureColumn<Id extends string, Row extends Record<Id, number | null>>(
  id: Id,
  header: string,
  unit: Unit,
  wideOnly = false,
): Column<Row> {
  return {
    id,
    header,
    numeric: true,
    wideOnly,
    // Percentages are success rates: whoever sorts by them looks for the worst.
    ...(unit === 'percent' ? { first: 'asc' } : {}),
    sortBy: (row) => row[id],
    cell: (row) => figure(row[id], unit),
    exact: (row) => exactFigure(row[id], unit),
  };
}
