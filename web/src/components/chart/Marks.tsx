import { useMemo, type ReactNode } from 'react';
import { marksOf } from './marks';
import { MARGIN, type ChartData, type Marker, type MarkerKind } from './model';

const NOTE = 'var(--note)';
const COLOR: Record<MarkerKind, string> = {
  release: 'var(--ink-3)',
  incident: 'var(--bad)',
  change: 'var(--accent)',
  note: NOTE,
};
const DASH: Record<MarkerKind, string | undefined> = {
  release: '2 3',
  incident: undefined,
  change: '6 2',
  note: '1 4',
};

/** The marks of a chart: a line across the plot with its name above, or a band for what lasted. */
export function Marks(props: {
  markers: Marker[];
  data: ChartData;
  width: number;
  height: number;
}): ReactNode {
  const { markers, data, width, height } = props;
  const marks = useMemo(() => marksOf(markers, data, width), [markers, data, width]);
  const floor = height - MARGIN.bottom;
  return marks.map(({ x, to, kind, label }) => (
    <g key={`${kind} ${x}`} data-mark={kind}>
      {to > x && (
        <rect
          x={x}
          y={MARGIN.top}
          width={to - x}
          height={Math.max(0, floor - MARGIN.top)}
          fill={COLOR[kind]}
          fillOpacity={0.08}
        />
      )}
      <path
        d={`M${Math.round(x) + 0.5} ${MARGIN.top - 2}V${floor}`}
        stroke={COLOR[kind]}
        strokeDasharray={DASH[kind]}
      />
      {label && (
        <text
          x={label.x + (label.anchor === 'start' ? -1 : 1)}
          y={MARGIN.top - 5}
          textAnchor={label.anchor}
          fill={COLOR[kind]}
        >
          {label.text}
        </text>
      )}
    </g>
  ));
}
