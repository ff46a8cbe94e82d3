import { useDeferredValue, useMemo, useState, type PointerEvent, type ReactNode } from 'react';
import { executions as words } from '@/words';
import { useWidth } from '../useWidth';
import { hasFailed } from '../state';
import type { Row } from './layout';
import type { Item, Span } from './model';
import { scaleOf } from './scale';

const HEIGHT = 56;
const NONE: Row[] = [];

/** The rows of a waterfall as four paths: failed on top of critical on top of the rest, which works or waits. */
export function pathsOf(
  rows: Row[],
  span: Span,
  width: number,
): Record<'waiting' | 'rest' | 'critical' | 'failed', string> {
  const scale = scaleOf(span, width);
  const thick = Math.max(1, HEIGHT / Math.max(1, rows.length));
  const paths = { waiting: '', rest: '', critical: '', failed: '' };
  rows.forEach((row, index) => {
    const y = ((index / rows.length) * (HEIGHT - thick)).toFixed(1);
    for (const item of row.items) {
      const kind = kindOf(item);
      const x = scale.at(item.start);
      const failed = kind === 'failed';
      // A failure is to be seen, however short it was.
      const length = Math.max(failed ? 4 : 1, scale.at(item.end) - x);
      const high = failed ? Math.max(4, thick) : thick;
      paths[kind] +=
        `M${x.toFixed(1)} ${y}h${length.toFixed(1)}v${high.toFixed(1)}h-${length.toFixed(1)}z`;
    }
  });
  return paths;
}

function kindOf(item: Item): 'waiting' | 'rest' | 'critical' | 'failed' {
  if (hasFailed(item.status)) return 'failed';
  if (item.critical) return 'critical';
  return 2 * item.waited > item.end - item.start ? 'waiting' : 'rest';
}

/** The whole of a waterfall in little, with a frame round what is on screen. Pressing it goes there. */
export function Minimap(props: {
  rows: Row[];
  span: Span;
  shown: { first: number; end: number; count: number };
  onGo: (row: number) => void;
}): ReactNode {
  const { rows, span, shown } = props;
  const [host, setHost] = useState<HTMLElement | null>(null);
  const width = useWidth(host);
  // The rows come first: the picture of thousands of them is drawn after they are shown.
  const drawn = useDeferredValue(rows, NONE);
  const paths = useMemo(() => pathsOf(drawn, span, Math.max(1, width)), [drawn, span, width]);
  const go = (event: PointerEvent): void => {
    const top = host?.getBoundingClientRect().top ?? 0;
    props.onGo(Math.floor(((event.clientY - top) / HEIGHT) * rows.length));
  };
  return (
    <div
      ref={setHost}
      data-testid="minimap"
      title={words.waterfall.minimap}
      className="relative mx-4 mb-1 cursor-pointer touch-none overflow-hidden rounded border bg-sunken"
      style={{ height: HEIGHT }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        go(event);
      }}
      onPointerMove={(event) => {
        if (event.buttons === 1) go(event);
      }}
    >
      <svg aria-hidden="true" width={width} height={HEIGHT} className="absolute inset-0">
        <path d={paths.waiting} fill="var(--waiting)" opacity={0.55} />
        <path d={paths.rest} fill="var(--completed)" opacity={0.55} />
        <path d={paths.critical} fill="var(--accent)" />
        <path d={paths.failed} fill="var(--failed)" />
      </svg>
      <div
        className="pointer-events-none absolute inset-x-0 border-y border-accent bg-accent/12"
        style={{
          top: (shown.first / shown.count) * HEIGHT,
          height: Math.max(4, ((shown.end - shown.first) / shown.count) * HEIGHT),
        }}
      />
    </div>
  );
}
