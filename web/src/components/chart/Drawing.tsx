import { useMemo, type ReactNode } from 'react';
import { Marks } from './Marks';
import { MARGIN, type ChartData, type Marker } from './model';
import { plotOf } from './plot';

/** Bars, lines and axes of a time chart. The colours are the page's own, so a change of theme needs no redrawing. */
export function Drawing(props: {
  data: ChartData;
  width: number;
  height: number;
  log: boolean;
  markers: Marker[];
}): ReactNode {
  const { data, width, height, log } = props;
  const plot = useMemo(() => plotOf(data, width, height, log), [data, width, height, log]);
  const floor = height - MARGIN.bottom;
  return (
    <svg aria-hidden="true" width={width} height={height} className="absolute inset-0 text-[11px]">
      {plot.values.map(({ y, text }) => (
        <g key={text + String(y)}>
          <path
            d={`M${MARGIN.left} ${Math.round(y) + 0.5}H${width - MARGIN.right}`}
            stroke="var(--grid)"
          />
          <text x={MARGIN.left - 8} y={y} dy="0.35em" textAnchor="end" fill="var(--ink-3)">
            {text}
          </text>
        </g>
      ))}
      {plot.bars.map((bars) => (
        <path key={bars.id} d={bars.path} fill={`var(${bars.token})`} />
      ))}
      <path
        d={`M${MARGIN.left} ${floor + 0.5}H${width - MARGIN.right}`}
        stroke="var(--line-strong)"
      />
      {plot.times.map(({ x, middle, text }) => (
        <g key={x}>
          <path d={`M${Math.round(x) + 0.5} ${floor}v4`} stroke="var(--line-strong)" />
          <text x={middle} y={floor + 16} textAnchor="middle" fill="var(--ink-3)">
            {text}
          </text>
        </g>
      ))}
      {plot.lines.map((line) => (
        <g key={line.id} fill={`var(${line.token})`}>
          {line.area && <path d={line.area} fillOpacity={0.1} />}
          <path
            d={line.path}
            fill="none"
            stroke={`var(${line.token})`}
            strokeWidth={1.5}
            strokeLinejoin="round"
            strokeDasharray={line.dashed ? '4 3' : undefined}
          />
          {line.dots.map(({ x, y }) => (
            <circle key={x} cx={x} cy={y} r={2} />
          ))}
          {line.label && (
            <text x={line.label.x} y={line.label.y} dy="0.35em">
              {line.label.text}
            </text>
          )}
        </g>
      ))}
      <Marks markers={props.markers} data={data} width={width} height={height} />
    </svg>
  );
}
