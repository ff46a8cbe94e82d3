import type { ReactNode, RefObject } from 'react';
import type { MapGraph } from './graph';
import type { Layout } from './layout/model';
import type { MapControl } from './control';

const WIDTH = 168;

/** The whole map in a corner, and which part of it is on the screen; only while some of it is not. */
export function MiniMap(props: {
  graph: MapGraph;
  layout: Layout;
  shown: Set<string>;
  frameRef: RefObject<SVGRectElement | null>;
  control: MapControl;
}): ReactNode {
  const { graph, layout, shown, control, frameRef } = props;
  return (
    <svg
      aria-hidden="true"
      data-minimap
      width={WIDTH}
      height={Math.min(110, (WIDTH * layout.height) / layout.width)}
      viewBox={`0 0 ${layout.width} ${layout.height}`}
      className="absolute bottom-2 left-2 cursor-pointer rounded border bg-surface/90 group-data-whole/map:hidden max-sm:hidden"
      onPointerDown={(event) => {
        const box = event.currentTarget.getBoundingClientRect();
        event.stopPropagation();
        control.centre({
          x: ((event.clientX - box.left) / box.width) * layout.width,
          y: ((event.clientY - box.top) / box.height) * layout.height,
        });
      }}
    >
      {graph.nodes.map(({ key }) => {
        const box = layout.boxes.get(key);
        return (
          box && <rect key={key} {...box} fill={shown.has(key) ? 'var(--ink-3)' : 'var(--line)'} />
        );
      })}
      <rect
        ref={frameRef}
        fill="var(--accent)"
        fillOpacity={0.12}
        stroke="var(--accent)"
        strokeWidth={layout.width / WIDTH}
      />
    </svg>
  );
}
