import type { ReactNode } from 'react';
import { Head, pngOf } from '@/components/chart/picture';
import { timeTicks } from '@/lib/ticks';
import { blocksOf, type HeatRow, type Level } from './heat';
import { colorOf, pathOf, placeOf, WIDTH } from './look';
import { connectorName, legendOf } from './said';
import type { Columns } from './useColumns';
import { connectors } from '@/words';

const NAMES = 170;
const ROW = { height: 20, bar: 16 };
const TOP = 64;
const FOOT = 40;
/** The names of connectors, cut to their room. */
const LONGEST = 24;
const LEVELS: Level[] = ['few', 0, 1, 2, 3, 4];

interface Picture {
  title: string;
  rows: HeatRow[];
  columns: Columns;
}

/** A heatmap as a PNG file. */
export function heatPng(picture: Picture): Promise<Blob> {
  const height = TOP + picture.rows.length * ROW.height + FOOT;
  const size = { width: NAMES + WIDTH + 16, height };
  return pngOf(<Heat {...picture} {...size} />, size);
}

function Heat(props: Picture & { width: number; height: number }): ReactNode {
  const { rows, columns, width, height } = props;
  const { bounds, zone, starts } = columns;
  return (
    <>
      <Head title={props.title} range={bounds} zone={zone} width={width} height={height} />
      {[...timeTicks(starts, zone, 12)].map(([index, label]) => (
        <text
          key={index}
          x={NAMES + placeOf(Math.max(bounds.from, starts[index] ?? 0), bounds)}
          y={TOP - 8}
          fill="var(--ink-3)"
        >
          {label}
        </text>
      ))}
      {rows.map((row, index) => (
        <g key={row.connector ?? ''} transform={`translate(0 ${TOP + index * ROW.height})`}>
          <text x={16} y={12} fill="var(--ink)">
            {shortened(connectorName(row.connector))}
          </text>
          <g transform={`translate(${NAMES} 0) scale(1 ${ROW.bar})`}>
            {LEVELS.map((level) => (
              <path
                key={level}
                d={pathOf(
                  blocksOf(row.cells).filter((block) => block.level === level),
                  bounds,
                  level === 'few',
                )}
                fill={colorOf(columns.measure, level)}
              />
            ))}
          </g>
        </g>
      ))}
      <Legend columns={columns} y={height - 20} />
    </>
  );
}

const shortened = (name: string): string =>
  name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name;

/** The room of an entry of the legend, in pixels. */
const ENTRY = 150;

function Legend({ columns: { measure }, y }: { columns: Columns; y: number }): ReactNode {
  const { few, fine, degrees } = legendOf(measure);
  const texts = [few, fine, ...degrees.map((from) => connectors.heat.from(from))];
  return texts.map((text, index) => (
    <g key={text} transform={`translate(${16 + index * ENTRY} ${y})`}>
      <rect
        width={14}
        height={index === 0 ? 2 : 10}
        y={index === 0 ? 4 : 0}
        fill={colorOf(measure, LEVELS[index] ?? 0)}
      />
      <text x={20} y={9} fill="var(--ink-3)">
        {text}
      </text>
    </g>
  ));
}
