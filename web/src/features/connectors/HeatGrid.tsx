import { useNavigate } from '@tanstack/react-router';
import { useCallback, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import type { Change } from '@/api/changes';
import { buttonClass } from '@/components/Button';
import type { Answer } from '@/lib/answer';
import { timeTicks } from '@/lib/ticks';
import { isolated } from '@/lib/format';
import { useNarrow } from '@/lib/media';
import { useStable } from '@/lib/stable';
import { connectors } from '@/words';
import { targetOf } from '../changes/target';
import { blocksOf, cellAt, isBad, type HeatRow, type Measure, type Span } from './heat';
import { HeatLegend } from './HeatLegend';
import { columnAt, HeatRowView, type By } from './HeatRowView';
import { outagesOf, type Outage } from './incidents';
import { percentOf } from './look';
import { moved } from './place';
import { connectorName, placeSaid, trackLabel } from './said';
import { connectorAround } from './target';
import { useColumns, type Columns } from './useColumns';
import { useHeatZoom } from './useHeatZoom';

const words = connectors.heat;
const TICKS = 8;
/** As many dates as a phone has room for. */
const FEW_TICKS = 4;
const NO_OUTAGES: Outage[] = [];

/** A place that a finger chose. */
interface Picked {
  row: HeatRow;
  index: number;
}

/** Connectors over time. Every place opens its connector at that time. */
export function HeatGrid(props: {
  answer: Answer;
  rows: HeatRow[];
  measure: Measure;
  changes: Change[] | undefined;
  named: boolean;
}): ReactNode {
  const { rows, measure, changes, named } = props;
  const columns = useColumns(props.answer, measure);
  const { starts, bounds } = columns;
  const outages = useMemo(
    () =>
      rows.map(({ connector }) =>
        connector === null ? NO_OUTAGES : outagesOf(changes ?? [], connector, measure, bounds),
      ),
    [rows, changes, measure, bounds],
  );
  const list = useRef<HTMLUListElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ row: 0, at: starts.length - 1 });
  const [picked, setPicked] = useState<Picked | null>(null);
  const at = Math.min(place.at, starts.length - 1);
  useLayoutEffect(() => {
    // The newest times are at the right end.
    if (box.current) box.current.scrollLeft = box.current.scrollWidth;
  }, []);
  const indexAt = useCallback(
    (track: Element, x: number) => columnAt(columns, track, x),
    [columns],
  );
  const zoom = useHeatZoom(columns, indexAt);
  const open = useOpen(columns, rows, outages);
  const onMove = useStable((key: string, extend: boolean) => {
    const next = moved({ row: place.row, at }, key, rows.length, starts.length);
    setPlace(next);
    zoom.extend(at, extend ? next.at : null);
    list.current?.querySelectorAll<HTMLElement>('[role=slider]')[next.row]?.focus();
  });
  const onOpen = useStable((row: HeatRow, index: number, by: By) => {
    if (by === 'key' && zoom.enter()) return;
    if (by === 'mouse' && zoom.wasDrag()) return;
    // A finger covers several cells: it chooses one, and a large button opens it.
    if (by === 'finger') setPicked({ row, index });
    else open(row, index);
  });
  const onBack = useStable(zoom.zoomOut);
  const onPoint = useCallback((index: number) => setPlace((now) => ({ ...now, at: index })), []);
  return (
    <>
      <div ref={box} className="overflow-x-auto [--names:10rem] max-sm:[--names:7.5rem]">
        <div style={{ minWidth: `max(100%, ${starts.length}px)` }} className="pr-4">
          <Axis columns={columns} named={named} />
          <ul
            ref={list}
            aria-label={`${words.title[measure]}. ${words.keys}`}
            onPointerDown={zoom.onPointerDown}
            className="relative"
          >
            {rows.map((row, index) => (
              <HeatRowView
                key={row.connector ?? ''}
                row={row}
                outages={outages[index] ?? NO_OUTAGES}
                columns={columns}
                at={at}
                stop={index === Math.min(place.row, rows.length - 1)}
                named={named}
                onMove={onMove}
                onBack={onBack}
                onPoint={onPoint}
                onOpen={onOpen}
              />
            ))}
            {zoom.chosen && <ChosenTimes columns={columns} named={named} {...zoom.chosen} />}
          </ul>
        </div>
      </div>
      <HeatLegend measure={measure} />
      {picked && (
        <Pick
          picked={picked}
          columns={columns}
          outages={outages[rows.indexOf(picked.row)] ?? NO_OUTAGES}
          onOpen={() => open(picked.row, picked.index)}
        />
      )}
    </>
  );
}

/** The times that are chosen, across all rows. */
function ChosenTimes(props: {
  columns: Columns;
  named: boolean;
  first: number;
  last: number;
}): ReactNode {
  const { starts, end, bounds } = props.columns;
  const from = Math.max(bounds.from, starts[props.first] ?? bounds.from);
  const to = Math.min(bounds.to, starts[props.last + 1] ?? end);
  return (
    <li
      aria-hidden="true"
      data-testid="heat-chosen"
      className={`pointer-events-none absolute inset-y-0 right-0 ${props.named ? 'left-(--names)' : 'left-0'}`}
    >
      <span
        className="absolute inset-y-0 border-x border-accent bg-accent/12"
        style={{ left: percentOf(from, bounds), right: `calc(100% - ${percentOf(to, bounds)})` }}
      />
    </li>
  );
}

/** What opens the page of a connector around a place: its incident, what is bad there, or the bucket alone. */
function useOpen(
  { starts, end, bounds, zone, measure }: Columns,
  rows: HeatRow[],
  outages: Outage[][],
) {
  const navigate = useNavigate();
  return useCallback(
    (row: HeatRow, index: number) => {
      const start = Math.max(bounds.from, starts[index] ?? bounds.from);
      const { connector } = row;
      if (connector === null) return;
      const inside = ({ from, until }: Span): boolean => from <= start && start < until;
      const outage = outages[rows.indexOf(row)]?.find(inside);
      if (outage) return void navigate(targetOf(outage.change, bounds, zone));
      const cell = cellAt(row.cells, start);
      const block = cell && blocksOf(row.cells).find((of) => isBad(of) && of.cells.includes(cell));
      const span = block ?? { from: start, until: starts[index + 1] ?? end };
      const label = block && trackLabel(connector, measure);
      void navigate(connectorAround(connector, span, { bounds, zone, measure }, label));
    },
    [navigate, starts, end, bounds, zone, measure, rows, outages],
  );
}

/** The times above the rows. */
function Axis({ columns, named }: { columns: Columns; named: boolean }): ReactNode {
  const { starts, zone, bounds } = columns;
  const most = useNarrow() ? FEW_TICKS : TICKS;
  const ticks = useMemo(() => [...timeTicks(starts, zone, most)], [starts, zone, most]);
  return (
    <div aria-hidden="true" className="flex h-5 text-2xs text-ink-3">
      {named && <span className="sticky left-0 z-1 w-(--names) shrink-0 bg-surface" />}
      <div className="relative min-w-0 flex-1 overflow-hidden">
        {ticks.map(([index, label]) => (
          <span
            key={index}
            style={{ left: percentOf(Math.max(bounds.from, starts[index] ?? 0), bounds) }}
            className="absolute inset-y-0 border-l pl-1 whitespace-nowrap"
          >
            {label}
          </span>
        ))}
      </div>
    </div>
  );
}

/** What a finger chose, and a button that opens it. */
function Pick(props: {
  picked: Picked;
  columns: Columns;
  outages: Outage[];
  onOpen: () => void;
}): ReactNode {
  const { row, index } = props.picked;
  const { starts, bounds, granularity, zone, measure } = props.columns;
  const start = Math.max(bounds.from, starts[index] ?? bounds.from);
  const outage = props.outages.find(({ from, until }) => from <= start && start < until);
  const cell = cellAt(row.cells, start);
  return (
    <p
      role="status"
      className="sticky bottom-0 z-20 flex flex-wrap items-center gap-3 border-t bg-surface px-4 py-2 text-xs"
    >
      <span className="min-w-0 flex-1">
        {placeSaid({ start, granularity, zone, measure, cell, outage })}
      </span>
      {row.connector !== null && (
        <button type="button" className={buttonClass()} onClick={props.onOpen}>
          {words.open(isolated(connectorName(row.connector)))}
        </button>
      )}
    </p>
  );
}
