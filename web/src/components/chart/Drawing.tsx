import { useMemo, type ReactNode } from 'react';
import { Hatching } from './Hatching';
import { Marks } from './Marks';
import { MARGIN, type ChartData, type Marker } from './model';
import { plotOf, type Plot } from './plot';
import type { Line } from './shapes';

interface Props {
  data: ChartData;
  width: number;
  height: number;
  log: boolean;
  markers: Marker[];
}

/** Bars, lines and axes of a time chart. The colours are the page's own, so a change of theme needs no redrawing. */
export function Drawing(props: Props): ReactNode {
  const { width, height } = props;
  return (
    <svg aria-hidden="true" width={width} height={height} className="absolute inset-0 text-[11px]">
      <Plotted {...props} />
    </svg>
  );
}

/** What is in the box of a chart, for an `svg` element of this size. */
export function Plotted({ data, width, height, log, markers }: Props): ReactNode {
  const plot = useMemo(() => plotOf(data, width, height, log), [data, width, height, log]);
  const floor = height - MARGIN.bottom;
  const barred = plot.bars.length > 0;
  return (
    <>
      {!barred && <Hatching data={data} width={width} height={height} over="background" />}
      <ValueAxes plot={plot} width={width} />
      {plot.bars.map((bars) => (
        <path key={bars.id} d={bars.path} fill={`var(${bars.token})`} />
      ))}
      {barred && <Hatching data={data} width={width} height={height} over="bars" />}
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
      <Thresholds plot={plot} width={width} />
      {plot.lines.map((line) => (
        <Stroke key={line.id} line={line} />
      ))}
      <Marks markers={markers} data={data} width={width} height={height} />
    </>
  );
}

function ValueAxes({ plot, width }: { plot: Plot; width: number }): ReactNode {
  const right = width - MARGIN.right;
  return (
    <>
      {plot.values.map(({ y, text }) => (
        <g key={text + String(y)}>
          <path d={`M${MARGIN.left} ${Math.round(y) + 0.5}H${right}`} stroke="var(--grid)" />
          <text x={MARGIN.left - 8} y={y} dy="0.35em" textAnchor="end" fill="var(--ink-3)">
            {text}
          </text>
        </g>
      ))}
      {plot.rightValues.map(({ y, text }) => (
        <text key={text + String(y)} x={right + 8} y={y} dy="0.35em" fill="var(--ink-3)">
          {text}
        </text>
      ))}
    </>
  );
}

function Thresholds({ plot, width }: { plot: Plot; width: number }): ReactNode {
  return plot.thresholds.map(({ y, text }) => (
    <g key={text + String(y)}>
      <path
        d={`M${MARGIN.left} ${Math.round(y) + 0.5}H${width - MARGIN.right}`}
        stroke="var(--warn)"
        strokeDasharray="1 3"
        strokeWidth={1.5}
      />
      <text
        x={MARGIN.left + 4}
        y={y - 4}
        fill="var(--warn)"
        // It can be read where a line crosses it.
        stroke="var(--surface)"
        strokeWidth={3}
        paintOrder="stroke"
      >
        {text}
      </text>
    </g>
  ));
}

function Stroke({ line }: { line: Line }): ReactNode {
  return (
    <g fill={`var(${line.token})`}>
      {line.band && <path d={line.band} fillOpacity={0.16} />}
      {line.area && <path d={line.area} fillOpacity={0.1} />}
      <path
        d={line.path}
        fill="none"
        stroke={`var(${line.token})`}
        strokeWidth={1.5}
        strokeLinejoin="round"
        strokeDasharray={line.dashed ? '4 3' : undefined}
      />
      {line.dots.length > 0 && (
        <path
          // A stroke without length, round at both ends, is a dot: one element for any number of them.
          d={line.dots.map(({ x, y }) => `M${x.toFixed(2)} ${y.toFixed(2)}h0`).join('')}
          fill="none"
          stroke={`var(${line.token})`}
          strokeWidth={4}
          strokeLinecap="round"
        />
      )}
      {line.label && (
        <text x={line.label.x} y={line.label.y} dy="0.35em">
          {line.label.text}
        </text>
      )}
    </g>
  );
}
