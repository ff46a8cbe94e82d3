import {
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  type CSSProperties,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
} from 'react';
import { isolated } from '@/lib/format';
import { processmap as words } from '@/words';
import { Arrow, Tokens, type EdgeLook } from './Arrows';
import type { Shown } from './detail';
import { byText } from './layout/model';
import { DISTANCES, labelsOf } from './labels';
import { MiniMap } from './MiniMap';
import { neighbour, type Direction } from './neighbour';
import { Node, type NodeLook } from './Nodes';
import { edgeSummary, edgeText, labelledEdges, nameOfNode, type Picture } from './picture';
import { shadeOf } from './scale';
import type { Overlay } from './search';
import type { Open } from './state';
import { useMapControl, type MapControl } from './control';
import { ZoomButtons } from './ZoomButtons';

/** What is emphasised: a path through the map, by the keys of its nodes and edges. */
export interface Lit {
  nodes: Set<string>;
  edges: Set<string>;
}

interface Props {
  picture: Picture;
  shown: Shown;
  overlay: Overlay;
  looks: { nodes: Map<string, NodeLook>; edges: Map<string, EdgeLook> };
  lit: Lit | null;
  open: Open;
  motion: boolean;
  /** The height of the map, without that of its buttons. */
  room: CSSProperties | undefined;
  className: string;
  onOpen: (open: Open) => void;
}

const DIRECTIONS: Partial<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

/** The map, which can be moved, scaled, walked through by keyboard, and clicked. */
export function MapDrawing(props: Props): ReactNode {
  const { picture, shown, open, lit, onOpen } = props;
  const { graph, layout } = picture;
  const host = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const frame = useRef<SVGRectElement>(null);
  const control = useMapControl({ area: host, content, frame }, layout, layout.boxes.get('start'));
  const [hot, setHot] = useState<string | null>(null);
  const [pointed, setPointed] = useState<string | null>(null);
  useEdgeEvents(host, setPointed, (key) => {
    const edge = graph.edges.find((candidate) => candidate.key === key);
    if (edge) onOpen({ from: edge.from, to: edge.to });
  });
  const openNode = useCallback((key: string) => onOpen({ node: key }), [onOpen]);
  const onKey = useWalk(picture, shown, control, host);
  const edges = useMemo(
    // The frequent ones last: they are drawn over the rare ones.
    () =>
      graph.edges
        .filter(({ key }) => shown.edges.has(key))
        .sort((a, b) => a.weight - b.weight || byText(a.key, b.key)),
    [graph, shown],
  );
  // From left to right, as the process runs, so that the tab key does as well.
  const nodes = useMemo(() => readingOrder(picture, shown), [picture, shown]);
  const isOpen = (from: string, to: string): boolean =>
    open !== null && 'from' in open && open.from === from && open.to === to;
  return (
    <div
      ref={host}
      role="group"
      aria-label={words.drawing}
      data-testid="map"
      data-lit={lit ? '' : undefined}
      style={props.room}
      className={`group/map relative box-content pb-11 cursor-grab touch-pan-y overflow-hidden select-none active:cursor-grabbing ${props.className}`}
    >
      <div
        ref={content}
        className="absolute top-0 left-0 origin-top-left"
        style={{ width: layout.width, height: layout.height }}
      >
        <svg aria-hidden="true" width={layout.width} height={layout.height} className="absolute">
          {edges.map((edge) => {
            const route = layout.routes.get(edge.key);
            const look = props.looks.edges.get(edge.key);
            if (!route || !look) return null;
            return (
              <Arrow
                key={edge.key}
                edge={edge}
                route={route}
                look={look}
                lit={lit?.edges.has(edge.key) ?? false}
                hot={hot !== null && (edge.from === hot || edge.to === hot)}
                open={isOpen(edge.from, edge.to)}
              />
            );
          })}
          {props.motion && <MovingTokens picture={picture} edges={lit?.edges ?? shown.edges} />}
          <Labels {...props} hot={hot} pointed={pointed} />
        </svg>
        {nodes.map(([key, box, node]) => {
          const look = props.looks.nodes.get(key);
          if (!look) return null;
          return (
            <Node
              key={key}
              node={node}
              box={box}
              look={look}
              overlay={props.overlay}
              lit={lit?.nodes.has(key) ?? false}
              open={open !== null && 'node' in open && open.node === key}
              onOpen={openNode}
              onHot={setHot}
              onKey={onKey}
            />
          );
        })}
      </div>
      <MiniMap
        graph={graph}
        layout={layout}
        shown={shown.nodes}
        frameRef={frame}
        control={control}
      />
      <ZoomButtons control={control} />
      <Pointed picture={picture} edge={pointed} />
    </div>
  );
}

/** The shown nodes from left to right, each column from top to bottom. */
function readingOrder({ graph, layout }: Picture, shown: Shown) {
  return graph.nodes
    .flatMap((node) => {
      const box = layout.boxes.get(node.key);
      return box && shown.nodes.has(node.key) ? [[node.key, box, node] as const] : [];
    })
    .sort(([, a], [, b]) => a.x - b.x || a.y - b.y);
}

/** Tells which arrow the mouse is on, and which is clicked. Arrows have no handlers of their own: there may be hundreds. */
function useEdgeEvents(
  host: RefObject<HTMLElement | null>,
  onPoint: (key: string | null) => void,
  onClick: (key: string) => void,
): void {
  const click = useRef(onClick);
  useEffect(() => {
    click.current = onClick;
  });
  useEffect(() => {
    const area = host.current;
    if (!area) return;
    const keyAt = (event: Event): string | null => {
      const edge = event.target instanceof Element ? event.target.closest('[data-edge]') : null;
      return edge?.getAttribute('data-edge') ?? null;
    };
    const over = (event: Event): void => onPoint(keyAt(event));
    const out = (): void => onPoint(null);
    const press = (event: Event): void => {
      const key = keyAt(event);
      if (key !== null) click.current(key);
    };
    area.addEventListener('pointerover', over);
    area.addEventListener('pointerleave', out);
    area.addEventListener('click', press);
    return () => {
      area.removeEventListener('pointerover', over);
      area.removeEventListener('pointerleave', out);
      area.removeEventListener('click', press);
    };
  }, [host, onPoint]);
}

/** Moves the focus between nodes by the arrow keys. */
function useWalk(
  { layout }: Picture,
  shown: Shown,
  control: MapControl,
  host: RefObject<HTMLElement | null>,
) {
  return useCallback(
    (event: KeyboardEvent, key: string) => {
      const direction = DIRECTIONS[event.key];
      if (!direction || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      const boxes = new Map([...layout.boxes].filter(([other]) => shown.nodes.has(other)));
      const next = neighbour(boxes, key, direction);
      const box = next === null ? undefined : boxes.get(next);
      if (next === null || !box) return;
      control.reveal(box);
      const target = host.current?.querySelector(`[data-node="${CSS.escape(next)}"]`);
      if (target instanceof HTMLElement) target.focus({ preventScroll: true });
    },
    [layout, shown, control, host],
  );
}

/** Labels are placed for both sizes that they have: how far the map is, only the document knows. */
const LABELS = {
  near: 'group-data-far/map:hidden',
  far: 'far hidden group-data-far/map:inline',
};

/** The texts at the ten most frequent arrows, and at those of the node or arrow that is pointed at. */
function Labels(props: Props & { hot: string | null; pointed: string | null }): ReactNode {
  const { picture, shown, overlay, hot, pointed } = props;
  const labels = useMemo(() => {
    const own = picture.graph.edges.filter(
      ({ key, from, to }) =>
        shown.edges.has(key) && (key === pointed || from === hot || to === hot),
    );
    const texts = own.map((edge) => ({ edge: edge.key, text: edgeText(edge, overlay) }));
    const usual = labelledEdges(picture, shown, overlay).filter(
      ({ edge }) => !own.some(({ key }) => key === edge),
    );
    const wanted = [...texts, ...usual].filter(({ text }) => text !== '');
    return DISTANCES.flatMap((distance) =>
      labelsOf(picture.layout, shown.nodes, wanted, distance).map((label) => ({
        distance,
        ...label,
      })),
    );
  }, [picture, shown, overlay, hot, pointed]);
  return labels.map(({ distance, edge, text, x, y }) => (
    <text key={`${distance} ${edge}`} x={x} y={y} className={`map-label ${LABELS[distance]}`}>
      {text}
    </text>
  ));
}

function MovingTokens(props: { picture: Picture; edges: Set<string> }): ReactNode {
  const { picture, edges: moving } = props;
  const { graph, layout, waits, most } = picture;
  const edges = useMemo(
    () =>
      graph.edges
        .filter(({ key }) => moving.has(key))
        .sort((a, b) => b.weight - a.weight)
        .map(({ key, weight, flow }) => ({
          key,
          points: layout.routes.get(key)?.points ?? [],
          share: weight / most,
          shade: shadeOf(flow?.waitP50 ?? null, waits),
        })),
    [graph, layout, moving, waits, most],
  );
  return <Tokens edges={edges} />;
}

/** The arrow that the mouse is on, in words. */
function Pointed({ picture, edge }: { picture: Picture; edge: string | null }): ReactNode {
  const found = picture.graph.edges.find(({ key }) => key === edge);
  if (!found) return null;
  const names = (key: string): string => {
    const node = picture.graph.nodes.find((candidate) => candidate.key === key);
    return node ? isolated(nameOfNode(node)) : key;
  };
  return (
    <div className="pointer-events-none absolute top-2 left-2 max-w-[75%] rounded-md border border-line-strong bg-raised px-2.5 py-1.5 text-xs whitespace-pre-line">
      {edgeSummary(found, names)}
    </div>
  );
}
