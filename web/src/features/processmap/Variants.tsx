import { useState, type ReactNode } from 'react';
import type { Variant, Variants as Answer } from '@/api/processMap';
import { Button } from '@/components/Button';
import { Card } from '@/components/Card';
import { InlineBar } from '@/components/DataTable';
import { Icon } from '@/components/Icon';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import { exact, figure } from '@/lib/format';
import { toggled } from '@/lib/list';
import { processmap as words } from '@/words';
import { ExecutionsLink } from './ExecutionsLink';
import { Chevrons, isCut } from './Chevrons';
import { useMapSearch, useSetMap } from './state';
import { MORE_VARIANTS } from './variantPages';

interface Props {
  query: QueryState<Answer>;
  colors: Map<string, number>;
  onHover: (variant: Variant | null) => void;
  onMore: () => void;
}

/** The paths that executions took, the most frequent first. */
export function Variants(props: Props): ReactNode {
  const { query } = props;
  return (
    <Card
      title={words.variants.title}
      note={query.data && words.variants.note(query.data.rows.length, query.data.variants)}
      testId="variants"
    >
      <QueryContent what={words.variants.what} query={query} skeleton={<TableSkeleton rows={12} />}>
        {(data) =>
          data.rows.length === 0 ? (
            <EmptyNote>{words.variants.none}</EmptyNote>
          ) : (
            <List {...props} data={data} />
          )
        }
      </QueryContent>
    </Card>
  );
}

function List(props: Props & { data: Answer }): ReactNode {
  const { data } = props;
  const { variants: selected = [] } = useMapSearch();
  const top = Math.max(...data.rows.map(({ share }) => share ?? 0), 1e-9);
  return (
    <>
      <Selection selected={selected} />
      <Headings />
      <ol className="relative min-h-0 flex-1 max-h-[34rem] overflow-y-auto border-t">
        {data.rows.map((row, index) => (
          <Row
            key={row.id}
            row={row}
            rank={index + 1}
            top={top}
            colors={props.colors}
            selected={selected.includes(row.id)}
            onHover={props.onHover}
          />
        ))}
      </ol>
      <Rest data={data} onMore={props.onMore} />
    </>
  );
}

/** What can be done with the variants that are selected. */
function Selection({ selected }: { selected: string[] }): ReactNode {
  const setMap = useSetMap();
  const [a, b] = selected;
  if (!a) return null;
  return (
    <div className="flex flex-wrap items-center gap-1.5 px-4 pb-2">
      <Button
        small
        disabled={selected.length !== 2}
        onClick={() => setMap({ a: `variant:${a}`, b: `variant:${b}` })}
      >
        {words.variants.compareSelected(selected.length)}
      </Button>
      <Button small kind="quiet" onClick={() => setMap({ variants: undefined })}>
        {words.variants.clear}
      </Button>
    </div>
  );
}

function Row(props: {
  row: Variant;
  rank: number;
  top: number;
  colors: Map<string, number>;
  selected: boolean;
  onHover: (variant: Variant | null) => void;
}): ReactNode {
  const { row, rank, onHover } = props;
  const { variants: selected } = useMapSearch();
  const setMap = useSetMap();
  const [whole, setWhole] = useState(false);
  const expandable = isCut(row.steps);
  return (
    <li
      data-variant={row.id}
      onPointerEnter={() => onHover(row)}
      onPointerLeave={() => onHover(null)}
      onFocus={() => onHover(row)}
      onBlur={() => onHover(null)}
      // Rows out of sight cost nothing, however many there are.
      className={`flex gap-2 border-b px-3 py-2 [contain-intrinsic-size:auto_58px] [content-visibility:auto] last:border-b-0 hover:bg-sunken/60 ${props.selected ? 'bg-accent-soft' : ''}`}
    >
      <label className="flex items-start pt-1 pointer-coarse:min-w-10 pointer-coarse:justify-center pointer-coarse:pt-3">
        <input
          type="checkbox"
          checked={props.selected}
          aria-label={words.variants.select(rank)}
          onChange={() => setMap({ variants: toggled(selected, row.id) })}
          className="size-4 accent-accent"
        />
      </label>
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <div className="flex min-w-0 items-center gap-1">
          <div className="min-w-0 flex-1">
            <Chevrons steps={row.steps} colors={props.colors} whole={whole} />
          </div>
          {expandable && (
            <button
              type="button"
              aria-expanded={whole}
              aria-label={`${words.variants.path(rank)}: ${whole ? words.variants.collapse : words.variants.expand}`}
              onClick={() => setWhole(!whole)}
              className={`touch-target flex size-6 shrink-0 items-center justify-center rounded text-ink-3 hover:text-ink ${whole ? 'rotate-180' : ''}`}
            >
              <Icon name="chevron" size={13} />
            </button>
          )}
        </div>
        <Figures row={row} top={props.top} />
        {row.truncated && <p className="text-2xs text-ink-3">{words.variants.truncated}</p>}
      </div>
    </li>
  );
}

/** The columns of the figures below each path, and of their headings. */
const COLUMNS = 'grid grid-cols-[2.5rem_3.25rem_1fr_1fr_1fr_1fr] items-center gap-x-2 text-right';
/** A success rate below which a path stands out, in percent. */
const POOR = 90;

function Headings(): ReactNode {
  return (
    <div
      aria-hidden="true"
      className={`${COLUMNS} pr-3 pb-1 pl-9 text-2xs pointer-coarse:pl-15 text-ink-3`}
    >
      <span className="col-span-2">{words.variants.share}</span>
      <span>{words.variants.executions}</span>
      <span>{words.variants.success}</span>
      <span>{words.variants.median}</span>
      <span>{words.variants.cost}</span>
    </div>
  );
}

function Figures({ row, top }: { row: Variant; top: number }): ReactNode {
  const { successRate, durationP50, cost, executions } = row;
  const figures: { label: string; value: ReactNode }[] = [
    {
      label: words.variants.executions,
      value: <ExecutionsLink filters={{ variant: row.id }}>{exact(executions)}</ExecutionsLink>,
    },
    {
      label: words.variants.success,
      value: (
        <span className={successRate != null && successRate < POOR ? 'text-bad' : ''}>
          {figure(successRate, 'percent')}
        </span>
      ),
    },
    { label: words.variants.median, value: figure(durationP50, 'milliseconds') },
    {
      label: words.variants.cost,
      value: figure(cost == null ? null : cost / Math.max(1, executions), 'usd'),
    },
  ];
  return (
    <dl className={`${COLUMNS} text-xs whitespace-nowrap text-ink-2`}>
      <div className="col-span-2 grid grid-cols-subgrid items-center">
        <dt className="sr-only">{words.variants.share}</dt>
        <InlineBar share={(row.share ?? 0) / top} color="var(--series-1)" />
        <dd className="font-semibold text-ink">{figure(row.share, 'percent')}</dd>
      </div>
      {figures.map(({ label, value }) => (
        <div key={label}>
          <dt className="sr-only">{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What the list leaves out. */
function Rest({ data, onMore }: { data: Answer; onMore: () => void }): ReactNode {
  const { other } = data;
  if (other.variants === 0 && data.open === 0) return null;
  return (
    <div className="flex flex-wrap items-center justify-between gap-2 border-t px-4 py-2 text-xs text-ink-3">
      <p>
        {[
          other.variants > 0 &&
            words.variants.other(other.variants, other.executions, figure(other.share, 'percent')),
          data.open > 0 && words.variants.open(data.open),
        ]
          .filter(Boolean)
          .join(' ')}
      </p>
      {data.nextCursor != null && (
        <Button small kind="quiet" onClick={onMore}>
          {words.variants.showMore(Math.min(MORE_VARIANTS, other.variants))}
        </Button>
      )}
    </div>
  );
}
