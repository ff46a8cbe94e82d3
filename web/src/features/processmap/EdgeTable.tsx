import type { ReactNode } from 'react';
import { DataTable, parseSort, type Column } from '@/components/DataTable';
import { Name } from '@/components/Name';
import { exactFigure, figure, percent } from '@/lib/format';
import { processmap as words } from '@/words';
import { figureColumn } from '../figureColumn';
import { usePageSearch, useSetSearch } from '../view';
import type { MapEdge, MapNode } from './graph';
import { nameOfNode, type Picture } from './picture';
import type { Open } from './state';

interface EdgeRow {
  key: string;
  edge: MapEdge;
  from: string;
  to: string;
  executions: number;
  times: number;
  share: number;
  waitP50: number | null;
  waitP95: number | null;
}

function rowsOf({ graph }: Picture): EdgeRow[] {
  const nodes = new Map<string, MapNode>(graph.nodes.map((node) => [node.key, node]));
  const name = (key: string): string => {
    const node = nodes.get(key);
    return node ? nameOfNode(node) : key;
  };
  return graph.edges.map((edge) => ({
    key: edge.key,
    edge,
    from: name(edge.from),
    to: name(edge.to),
    executions: edge.executions,
    times: edge.weight,
    share: edge.share,
    waitP50: edge.flow?.waitP50 ?? null,
    waitP95: edge.flow?.waitP95 ?? null,
  }));
}

const FIRST = { by: 'executions', direction: 'desc' } as const;

/** Every arrow of the map as a list: for screen readers, for phones, and for looking something up. */
export function EdgeTable(props: { picture: Picture; onOpen: (open: Open) => void }): ReactNode {
  const { sort } = usePageSearch();
  const setSearch = useSetSearch();
  const end = (id: 'from' | 'to', header: string): Column<EdgeRow> => ({
    id,
    header,
    className: 'max-w-48',
    sortBy: (row) => row[id],
    tells: true,
    cell: (row) =>
      id === 'from' ? (
        <button
          type="button"
          onClick={() => props.onOpen({ from: row.edge.from, to: row.edge.to })}
          className="max-w-full text-left hover:underline after:absolute after:inset-0"
        >
          <Name cut of={row.from} />
        </button>
      ) : (
        <Name cut of={row.to} />
      ),
  });
  return (
    <DataTable
      label={words.list.label}
      rows={rowsOf(props.picture)}
      rowKey={(row) => row.key}
      columns={[
        end('from', words.list.from),
        end('to', words.list.to),
        figureColumn('executions', words.list.executions, 'count'),
        {
          id: 'share',
          header: words.list.share,
          numeric: true,
          sortBy: (row) => row.share,
          cell: (row) => percent(row.share),
        },
        figureColumn('times', words.list.times, 'count', true),
        figureColumn('waitP50', words.list.waitMedian, 'milliseconds'),
        {
          id: 'waitP95',
          header: words.list.waitP95,
          numeric: true,
          wideOnly: true,
          sortBy: (row) => row.waitP95,
          cell: (row) => figure(row.waitP95, 'milliseconds'),
          exact: (row) => exactFigure(row.waitP95, 'milliseconds'),
        },
      ]}
      sort={parseSort(sort, FIRST)}
      onSort={(next) => setSearch({ sort: `${next.by}.${next.direction}` }, { replace: true })}
    />
  );
}
