import { memo, useMemo, type ReactNode } from 'react';
import { blocksOf, isBad, type Cell, type Measure } from './heat';
import type { Outage } from './incidents';
import { colorOf, pathOf, percentOf, placeOf, WIDTH } from './look';
import { outageLabel } from './said';

/** Right of this share of a row there is no room for a label beside a block. */
const ROOM = 0.85;

/**
 * The drawing of one connector: a path for all cells of a degree, because there may be thousands; what is bad, and each
 * incident, is a block of its own, as wide as it needs to be seen.
 */
export const HeatTrack = memo(function HeatTrack(props: {
  cells: Cell[];
  outages: Outage[];
  measure: Measure;
  bounds: { from: number; to: number };
}): ReactNode {
  const { cells, outages, measure, bounds } = props;
  const blocks = useMemo(() => {
    const covered = ({ from, until }: Cell): boolean =>
      outages.some((outage) => outage.from <= from && until <= outage.until);
    return blocksOf(cells.filter((cell) => !covered(cell)));
  }, [cells, outages]);
  const rect = { y: 0, height: 1, vectorEffect: 'non-scaling-stroke', strokeWidth: 1 };
  return (
    <>
      <svg
        aria-hidden="true"
        viewBox={`0 0 ${WIDTH} 1`}
        preserveAspectRatio="none"
        className="absolute inset-0 size-full"
      >
        {(['few', 0] as const).map((level) => (
          <path
            key={level}
            data-level={level}
            shapeRendering="crispEdges"
            d={pathOf(
              blocks.filter((block) => block.level === level),
              bounds,
              level === 'few',
            )}
            fill={colorOf(measure, level)}
          />
        ))}
        {blocks.filter(isBad).map((block) => (
          <rect
            key={block.from}
            {...rect}
            data-level={block.level}
            x={placeOf(block.from, bounds)}
            width={placeOf(block.until, bounds) - placeOf(block.from, bounds)}
            fill={colorOf(measure, block.level)}
            stroke={colorOf(measure, block.level)}
          />
        ))}
        {outages.map((outage) => (
          <rect
            key={outage.change.id}
            {...rect}
            data-outage={outage.change.kind}
            data-level={outage.level}
            x={placeOf(outage.from, bounds)}
            width={placeOf(outage.until, bounds) - placeOf(outage.from, bounds)}
            fill={colorOf(measure, outage.level)}
            stroke={colorOf(measure, outage.level)}
          />
        ))}
      </svg>
      {outages.map((outage) => (
        <OutageLabel key={outage.change.id} outage={outage} bounds={bounds} />
      ))}
    </>
  );
});

/** The label of an incident, beside its block. */
function OutageLabel(props: { outage: Outage; bounds: { from: number; to: number } }): ReactNode {
  const { outage, bounds } = props;
  const right = placeOf(outage.until, bounds) > ROOM * WIDTH;
  const place = right
    ? { right: `calc(100% - ${percentOf(outage.from, bounds)} + 3px)` }
    : { left: `calc(${percentOf(outage.until, bounds)} + 3px)` };
  return (
    <span
      aria-hidden="true"
      style={place}
      className="pointer-events-none absolute top-1/2 -translate-y-1/2 rounded-sm bg-surface px-1 text-2xs leading-4 font-medium whitespace-nowrap text-bad"
    >
      {outageLabel(outage)}
    </span>
  );
}
