import { Link } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import type { ErrorGroupRow, ErrorGroups } from '@/api/errors';
import {
  DataTable,
  InlineBar,
  parseSort,
  type Column,
  type Sections,
} from '@/components/DataTable';
import { Delta, type Comparability } from '@/components/Delta';
import { Sparkline } from '@/components/Sparkline';
import type { Asked } from '@/lib/answer';
import { compact, exact, isolated, NO_VALUE, percent } from '@/lib/format';
import { frameOf } from '@/lib/search';
import { completeUntil } from '../board/series';
import { useCounted } from '../executionsLink';
import { FigureLink } from '../FigureLink';
import { usePageSearch, useSetSearch } from '../view';
import { RelativeTime } from '../Time';
import { ClassTag } from './ClassTag';
import { OutageHead } from './OutageHead';
import type { OutageGroups } from './outages';
import { trendBins } from './trend';
import { TriageTags } from './TriageTags';
import { Name } from '@/components/Name';
import { errors } from '@/words';

const words = errors.groupTable;

const idOf = (row: ErrorGroupRow): string => row.errorGroup ?? '';
const timeOf = (text: string | null | undefined): number | null => (text ? Date.parse(text) : null);

interface Props {
  groups: ErrorGroups & Asked;
  /** How many errors there are in all, if the groups are not all that there are. */
  total?: number;
  /** Outages whose groups stand together. */
  outages?: OutageGroups[];
  comparable: Comparability | undefined;
  /** The groups selected for merging; null if the user may not merge groups. */
  chosen: string[] | null;
  onChoose: (chosen: string[]) => void;
}

/** Error groups, one per row. */
export function GroupTable({ groups, comparable, chosen, onChoose, ...props }: Props): ReactNode {
  const rows = groups.errors;
  const total = Math.max(1, props.total ?? groups.total);
  const { sort } = usePageSearch();
  const setSearch = useSetSearch();
  const counted = useCounted(groups);
  const columns = useMemo((): Column<ErrorGroupRow>[] => {
    const { bounds, extent } = groups.frame;
    const known = { from: extent?.first ?? bounds.from, to: completeUntil(groups) };
    const most = Math.max(...rows.map((row) => row.count), 1);
    return [
      ...(chosen ? [choice(chosen, onChoose)] : []),
      {
        id: 'title',
        header: words.error,
        className: 'max-w-[34rem] min-w-36 py-1.5 md:min-w-56',
        sortBy: (row) => row.title,
        cell: (row) => <Title row={row} />,
      },
      {
        id: 'trend',
        header: words.trend,
        widestOnly: true,
        className: 'w-32',
        cell: (row) => <Sparkline {...trendBins(row.trend, bounds, known)} />,
      },
      {
        id: 'bar',
        header: '',
        widestOnly: true,
        className: 'w-24',
        cell: (row) => <InlineBar share={row.count / most} color="var(--failed)" />,
      },
      {
        id: 'count',
        header: words.count,
        numeric: true,
        sortBy: (row) => row.count,
        cell: (row) =>
          idOf(row) ? (
            <FigureLink view={counted} filters={{ error: idOf(row) }}>
              {compact(row.count)}
            </FigureLink>
          ) : (
            compact(row.count)
          ),
        exact: (row) => words.countShare(exact(row.count), percent((100 * row.count) / total)),
      },
      {
        id: 'change',
        header: words.change,
        numeric: true,
        wideOnly: true,
        sortBy: (row) => row.changePct ?? null,
        exact: (row) =>
          comparable?.possible === false
            ? comparable.reason
            : words.previously(exact(row.previousCount)),
        cell: (row) =>
          comparable?.possible === false ? (
            // The card says once that there is no comparison.
            <span className="text-ink-3">{NO_VALUE}</span>
          ) : row.previousCount === 0 && comparable ? (
            <span className="text-bad">{words.newWord}</span>
          ) : (
            <span className="inline-flex justify-end">
              <Delta
                now={row.count}
                before={row.previousCount}
                metric={{ unit: 'count', goodDirection: 'down' }}
                comparable={comparable}
              />
            </span>
          ),
      },
      {
        id: 'workflows',
        header: words.workflows,
        numeric: true,
        wideOnly: true,
        sortBy: (row) => row.workflowCount,
        cell: (row) => compact(row.workflowCount),
        exact: (row) =>
          row.affectedWorkflows
            .map((entry) => isolated(entry.workflowName ?? entry.workflowId ?? NO_VALUE))
            .join(', '),
      },
      {
        id: 'first',
        header: words.firstSeen,
        numeric: true,
        widestOnly: true,
        sortBy: (row) => timeOf(row.firstSeen),
        tells: true,
        cell: (row) => <RelativeTime at={row.firstSeen} />,
      },
      {
        id: 'last',
        header: words.lastSeen,
        numeric: true,
        sortBy: (row) => timeOf(row.lastSeen),
        tells: true,
        cell: (row) => <RelativeTime at={row.lastSeen} />,
      },
    ];
  }, [groups, rows, total, comparable, chosen, onChoose, counted]);
  return (
    <DataTable
      label={words.errorGroups}
      columns={columns}
      rows={rows}
      rowKey={(row) => idOf(row) || row.title}
      sections={sectionsOf(props.outages)}
      sort={parseSort(sort, { by: 'count', direction: 'desc' })}
      onSort={(next) => setSearch({ sort: `${next.by}.${next.direction}` }, { replace: true })}
    />
  );
}

/** The groups of each outage under its line, and the others below; without outages, there are no lines. */
function sectionsOf(outages: OutageGroups[] = []): Sections<ErrorGroupRow> | undefined {
  if (outages.length === 0) return undefined;
  return {
    of: (row) => outages.find(({ groups }) => groups.includes(idOf(row)))?.id,
    heads: [
      ...outages.map((outage) => ({
        id: outage.id,
        head: (listed: number) => <OutageHead outage={outage} listed={listed} />,
      })),
      { id: undefined, head: () => errors.outages.others },
    ],
  };
}

function choice(chosen: string[], onChoose: (chosen: string[]) => void): Column<ErrorGroupRow> {
  return {
    id: 'choose',
    header: '',
    className: 'w-8',
    cell: (row) => {
      const id = idOf(row);
      const on = chosen.includes(id);
      return (
        id && (
          <label className="touch-target relative z-10 flex items-center pointer-coarse:-ml-3 pointer-coarse:justify-center">
            <input
              type="checkbox"
              aria-label={words.select(row.title)}
              checked={on}
              onChange={() =>
                onChoose(on ? chosen.filter((entry) => entry !== id) : [...chosen, id])
              }
              className="block size-4 accent-accent"
            />
          </label>
        )
      );
    },
  };
}

function Title({ row }: { row: ErrorGroupRow }): ReactNode {
  const id = idOf(row);
  return (
    <div className="flex min-w-0 flex-col gap-0.5">
      {id ? (
        <Link
          to="/errors/$group"
          params={{ group: id }}
          search={(previous) => frameOf(previous)}
          className="line-clamp-2 break-words hover:underline"
        >
          <Name of={row.title} />
        </Link>
      ) : (
        <Name of={row.title} />
      )}
      <span className="flex flex-wrap items-center gap-x-2 text-xs text-ink-3">
        <ClassTag of={row.errorClass} />
        <TriageTags of={row.triage} />
        {row.errorType && <span className="font-mono break-all">{row.errorType}</span>}
      </span>
    </div>
  );
}
