import { memo, type CSSProperties, type ReactNode } from 'react';
import type { MapEdge } from './graph';
import { pathOf } from './layout';
import { arrowOf } from './layout/arrowhead';
import type { Point, Route } from './layout/model';

/** How an arrow looks. */
export interface EdgeLook {
  width: number;
  color: string;
}

interface ArrowProps {
  edge: MapEdge;
  route: Route;
  look: EdgeLook;
  lit: boolean;
  hot: boolean;
  open: boolean;
}

const polygon = (points: Point[]): string => points.map(({ x, y }) => `${x},${y}`).join(' ');

/** One arrow. Its figures are in the list of arrows and at its nodes, so readers of the screen skip it. */
export const Arrow = memo(function Arrow(props: ArrowProps): ReactNode {
  const { edge, route, look } = props;
  const { line, head } = arrowOf(route.points, look.width);
  const state = [props.lit && 'lit', props.hot && 'hot', props.open && 'open'];
  return (
    <g
      data-edge={edge.key}
      className={['map-edge', ...state].filter(Boolean).join(' ')}
      style={{ '--own-color': look.color } as CSSProperties}
    >
      <path
        className="line"
        d={pathOf(line)}
        strokeWidth={look.width}
        strokeDasharray={
          route.course === 'back' ? `${4 + look.width} ${3 + look.width / 2}` : undefined
        }
      />
      <polygon className="head" points={polygon(head)} />
      <path className="hit" d={pathOf(route.points)} />
    </g>
  );
});

/** How many arrows have tokens, at most, and how many each. */
const TOKENS = { arrows: 40, each: 4 };

/** Executions that move along the arrows: more where there are more, slower where they wait longer. */
export const Tokens = memo(function Tokens(props: {
  edges: { key: string; points: Point[]; share: number; shade: number }[];
}): ReactNode {
  return props.edges.slice(0, TOKENS.arrows).map(({ key, points, share, shade }) => {
    const count = Math.max(1, Math.round(TOKENS.each * Math.sqrt(share)));
    const seconds = 2.4 + shade * 1.4;
    return Array.from({ length: count }, (_, index) => (
      <circle
        key={`${key} ${index}`}
        r={3.5}
        className="map-token"
        style={{
          offsetPath: `path("${pathOf(points)}")`,
          animationDuration: `${seconds}s`,
          animationDelay: `${(-seconds * index) / count}s`,
        }}
      />
    ));
  });
});
