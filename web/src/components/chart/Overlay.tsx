import {
  useContext,
  useRef,
  useState,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
} from 'react';
import { chart as words } from '@/words';
import { pointAt, useCrosshair } from './crosshair';
import { markersIn, nextMarked } from './marks';
import {
  bucketAt,
  edgeOf,
  endOf,
  forecast,
  indexAt,
  MARGIN,
  type ChartData,
  type Marker,
} from './model';
import { TimelineContext } from './timeline';
import { bucketDescription, ChartTooltip } from './tooltip';

interface Props {
  id: string;
  label: string;
  data: ChartData;
  markers: Marker[];
  width: number;
  height: number;
  onZoom?: (from: number, to: number) => void;
  onZoomBack?: () => void;
  onOpen?: (start: number) => void;
}

/** The interactive layer over a plot: crosshair, tooltip and drag to zoom, all of it by keyboard as well. */
export function Overlay(props: Props): ReactNode {
  const { data, markers, width, height } = props;
  const count = data.starts.length;
  const { instant, own } = useCrosshair(props.id);
  const timeline = useContext(TimelineContext);
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const box = useRef<HTMLDivElement>(null);
  /** Whether the last press was a drag: the second of two quick ones is no double-click. */
  const dragged = useRef(false);
  // Charts of one page can have buckets of different lengths: each shows the one that the instant is in.
  const found = instant === null ? -1 : bucketAt(data, instant);
  const at = found < 0 ? null : found;
  const plotTop = MARGIN.top;
  const plotHeight = Math.max(0, height - MARGIN.top - MARGIN.bottom);

  const indexOf = (event: PointerEvent): number => {
    const left = box.current?.getBoundingClientRect().left ?? 0;
    return indexAt(event.clientX - left, width, count);
  };
  const point = (index: number): void => pointAt(data.starts[index] ?? null, props.id);
  const zoom = (from: number, to: number): void => {
    const [first, last] = [Math.min(from, to), Math.max(from, to)];
    const start = data.starts[first];
    // Nothing has happened yet where a forecast is.
    if (start === undefined || forecast(data, first)) return;
    props.onZoom?.(start, Math.min(endOf(data, last), data.forecastFrom ?? Infinity));
  };
  const open = (index: number): void => {
    const start = data.starts[index];
    if (start !== undefined && !forecast(data, index)) props.onOpen?.(start);
  };
  const showMarks = (index: number): void => {
    const ids = markersIn(markers, data, index).flatMap(({ annotation }) => annotation ?? []);
    if (ids.length > 0) timeline?.show(ids);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const moves: Record<string, number> = {
      ArrowLeft: (at ?? count) - 1,
      ArrowRight: (at ?? -1) + 1,
      Home: 0,
      End: count - 1,
    };
    const next = moves[event.key];
    if (next !== undefined) {
      event.preventDefault();
      point(Math.max(0, Math.min(count - 1, next)));
    } else if (event.key === 'Enter' && at !== null) zoom(at, at);
    else if (event.key === ' ' && at !== null && props.onOpen) {
      event.preventDefault();
      open(at);
    } else if (event.key === 'Backspace') props.onZoomBack?.();
    else if (event.key.toLowerCase() === 'i' && at !== null) showMarks(at);
    else if (event.key.toLowerCase() === 'm') {
      const mark = nextMarked(markers, data, at ?? -1, event.shiftKey ? -1 : 1);
      if (mark !== null) point(mark);
    }
  };
  const now = at ?? count - 1;

  return (
    <div
      ref={box}
      role="slider"
      tabIndex={0}
      aria-label={words.slider(props.label, props.onZoom !== undefined, props.onOpen !== undefined)}
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={Math.max(0, count - 1)}
      aria-valuenow={Math.max(0, now)}
      aria-valuetext={bucketDescription(data, now, markers)}
      // A finger that moves up or down scrolls the page; one that moves sideways zooms, as a mouse does.
      className="absolute inset-0 cursor-crosshair touch-pan-y rounded select-none"
      onKeyDown={onKeyDown}
      onBlur={() => pointAt(null, props.id)}
      onMouseDown={(event) => {
        // Otherwise the browser selects text, and drags the selected text the next time.
        event.preventDefault();
        event.currentTarget.focus({ preventScroll: true });
      }}
      onPointerDown={(event) => {
        point(indexOf(event));
        if (!event.isPrimary || event.button !== 0 || !props.onZoom) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag({ from: indexOf(event), to: indexOf(event) });
      }}
      onPointerMove={(event) => {
        point(indexOf(event));
        if (drag) setDrag({ from: drag.from, to: indexOf(event) });
      }}
      onPointerUp={() => {
        dragged.current = drag !== null && drag.from !== drag.to;
        if (drag && dragged.current) zoom(drag.from, drag.to);
        else if (drag) open(drag.from);
        setDrag(null);
      }}
      onPointerCancel={() => setDrag(null)}
      onPointerLeave={(event) => {
        // Lifting a finger leaves, too, and what it pointed at is still to be read.
        if (event.pointerType === 'mouse') pointAt(null, props.id);
      }}
      onDoubleClick={() => {
        if (!dragged.current) props.onZoomBack?.();
      }}
    >
      {drag && drag.from !== drag.to && (
        <div
          className="pointer-events-none absolute border-x border-accent bg-accent/12"
          style={{
            top: plotTop,
            height: plotHeight,
            left: edgeOf(Math.min(drag.from, drag.to), width, count),
            width:
              edgeOf(Math.max(drag.from, drag.to) + 1, width, count) -
              edgeOf(Math.min(drag.from, drag.to), width, count),
          }}
        />
      )}
      {at !== null && (
        <Crosshair
          data={data}
          markers={markers}
          index={at}
          own={own}
          width={width}
          top={plotTop}
          height={plotHeight}
        />
      )}
    </div>
  );
}

function Crosshair(props: {
  data: ChartData;
  markers: Marker[];
  index: number;
  own: boolean;
  width: number;
  top: number;
  height: number;
}): ReactNode {
  const { data, index, width } = props;
  const x = edgeOf(index + 0.5, width, data.starts.length);
  const onRight = x > width / 2;
  return (
    <>
      <div
        className="pointer-events-none absolute w-px bg-ink-3"
        style={{ top: props.top, height: props.height, left: x }}
      />
      {props.own && (
        <div
          className="pointer-events-none absolute z-20"
          style={{ top: props.top, ...(onRight ? { right: width - x + 10 } : { left: x + 10 }) }}
        >
          <ChartTooltip data={data} index={index} markers={props.markers} />
        </div>
      )}
    </>
  );
}
