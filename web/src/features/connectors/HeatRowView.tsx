import { memo, useEffect, useState, type KeyboardEvent, type ReactNode } from 'react';
import { Tip } from '@/components/cellTips';
import { bucketAt } from '@/components/chart/model';
import { ConnectorLink } from './ConnectorLink';
import { cellAt, type HeatRow } from './heat';
import { HeatTrack } from './HeatTrack';
import type { Outage } from './incidents';
import { percentOf } from './look';
import { connectorName, placeSaid, trackLabel } from './said';
import type { Columns } from './useColumns';

interface Props {
  row: HeatRow;
  outages: Outage[];
  columns: Columns;
  /** The column with the cursor; each row has it, so that one can move up and down. */
  at: number;
  /** Whether the tab key leads here. */
  stop: boolean;
  /** A page of one connector does not name it again. */
  named: boolean;
  onMove: (key: string, extend: boolean) => void;
  onBack: () => void;
  onPoint: (index: number) => void;
  onOpen: (row: HeatRow, index: number, by: By) => void;
}

/** By what a place is opened. */
export type By = 'key' | 'mouse' | 'finger';

/** The column under a place of the screen, in a track. */
export function columnAt({ starts, end, bounds }: Columns, track: Element, x: number): number {
  const box = track.getBoundingClientRect();
  const share = Math.max(0, (x - box.left) / Math.max(1, box.width));
  const instant = bounds.from + share * (bounds.to - bounds.from);
  return Math.max(0, bucketAt({ starts, end }, Math.min(instant, end - 1, bounds.to - 1)));
}

/** One connector: its name and its track, over which the pointer and the arrow keys tell what was when. */
export const HeatRowView = memo(function HeatRowView(props: Props): ReactNode {
  const { row, outages, columns, at } = props;
  const { starts, end, bounds, measure, granularity, zone } = columns;
  const [hovered, setHovered] = useState<number | null>(null);
  const [focused, setFocused] = useState(false);
  const [cursor, setCursor] = useState<HTMLElement | null>(null);
  useEffect(() => {
    if (!focused) return undefined;
    // One tooltip at a time: that of the pointer, once it moves.
    const hide = (): void => setFocused(false);
    window.addEventListener('pointermove', hide, { once: true });
    return () => window.removeEventListener('pointermove', hide);
  }, [focused]);
  const said = (index: number): string => {
    const start = Math.max(bounds.from, starts[index] ?? bounds.from);
    const cell = cellAt(row.cells, start);
    const outage = outages.find(({ from, until }) => from <= start && start < until);
    return placeSaid({ start, granularity, zone, measure, cell, outage });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') return setFocused(false);
    if (event.key === 'Enter') return props.onOpen(row, at, 'key');
    if (event.key === 'Backspace') return props.onBack();
    if (!/^(Arrow|Home$|End$|Page)/.test(event.key)) return;
    event.preventDefault();
    setFocused(true);
    props.onMove(event.key, event.shiftKey);
  };
  const shown = hovered ?? (focused ? at : null);
  return (
    <li className="flex h-6 items-stretch pointer-coarse:h-10">
      {props.named && (
        <span className="sticky left-0 z-1 flex w-(--names) shrink-0 items-center truncate bg-surface pr-2 pl-4">
          <span className="relative truncate">
            {row.connector === null ? (
              <span className="text-ink-3">{connectorName(null)}</span>
            ) : (
              <ConnectorLink type={row.connector} />
            )}
          </span>
        </span>
      )}
      <div
        role="slider"
        data-connector={row.connector ?? ''}
        tabIndex={props.stop ? 0 : -1}
        aria-label={trackLabel(row.connector, measure)}
        aria-valuemin={0}
        aria-valuemax={starts.length - 1}
        aria-valuenow={at}
        aria-valuetext={said(at)}
        onKeyDown={onKeyDown}
        onFocus={(event) => setFocused(event.currentTarget.matches(':focus-visible'))}
        onBlur={() => setFocused(false)}
        onMouseMove={(event) => setHovered(columnAt(columns, event.currentTarget, event.clientX))}
        onMouseDown={(event) => {
          // Otherwise the browser selects text.
          event.preventDefault();
          event.currentTarget.focus({ preventScroll: true });
        }}
        onMouseLeave={() => setHovered(null)}
        onClick={(event) => {
          const index = columnAt(columns, event.currentTarget, event.clientX);
          const touched = (event.nativeEvent as PointerEvent).pointerType === 'touch';
          props.onPoint(index);
          props.onOpen(row, index, touched ? 'finger' : 'mouse');
        }}
        className="relative my-px min-w-0 flex-1 cursor-pointer"
      >
        <HeatTrack cells={row.cells} outages={outages} measure={measure} bounds={bounds} />
        {shown !== null && (
          <>
            <div
              ref={setCursor}
              className="pointer-events-none absolute inset-y-0 min-w-0.5 outline outline-ink"
              style={{
                left: percentOf(Math.max(bounds.from, starts[shown] ?? bounds.from), bounds),
                right: `calc(100% - ${percentOf(Math.min(bounds.to, starts[shown + 1] ?? end), bounds)})`,
              }}
            />
            {cursor && <Tip key={shown} of={cursor} text={said(shown)} />}
          </>
        )}
      </div>
    </li>
  );
});
