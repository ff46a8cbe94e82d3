import { useMemo, type ReactNode } from 'react';
import { exact } from '@/lib/format';
import { bucketName } from '@/lib/granularity';
import { dayNumber, say, wallAt, weekday } from '@/lib/zone';

const CELL = 13;
const LEFT = 30;
const TOP = 16;
const SCALE = 1.7;
/** With more weeks than this, a calendar is too dense to read. */
const MAX_WEEKS = 60;

export interface DayLoad {
  start: number;
  load: number;
}

interface Cell extends DayLoad {
  week: number;
  weekday: number;
  month: string | null;
}

function cellsOf(days: DayLoad[], zone: string): Cell[] {
  let firstWeek: number | null = null;
  let lastMonth = '';
  return days.map((day) => {
    const wall = wallAt(day.start, zone);
    const weekNumber = Math.floor((dayNumber(wall) + 3) / 7);
    firstWeek ??= weekNumber;
    const name = say.month(wall);
    const month = name !== lastMonth && wall.day <= 7 ? name : null;
    if (month) lastMonth = name;
    return { ...day, week: weekNumber - firstWeek, weekday: weekday(wall) - 1, month };
  });
}

/** Every day of the range as a square, darker for more work. The table below it is the accessible alternative. */
export function Calendar(props: {
  days: DayLoad[];
  zone: string;
  what: string;
  onPick: (start: number) => void;
}): ReactNode {
  const { days, zone } = props;
  const cells = useMemo(() => cellsOf(days, zone), [days, zone]);
  const weeks = (cells.at(-1)?.week ?? 0) + 1;
  const top = Math.max(...days.map((day) => day.load), 1);
  if (weeks < 3 || weeks > MAX_WEEKS) return null;
  return (
    <div className="overflow-x-auto px-4 pb-3">
      <svg
        aria-hidden="true"
        viewBox={`0 0 ${LEFT + weeks * CELL} ${TOP + 7 * CELL}`}
        width={(LEFT + weeks * CELL) * SCALE}
        className="h-auto max-w-full max-sm:max-w-none"
        preserveAspectRatio="xMinYMin meet"
      >
        {['Mon', 'Wed', 'Fri', 'Sun'].map((name, index) => (
          <text key={name} x={0} y={TOP + index * 2 * CELL + 9} className="fill-ink-3 text-[8px]">
            {name}
          </text>
        ))}
        {cells.map((cell) => (
          // A shortcut for the pointer; the busiest days are buttons in the table.
          <g key={cell.start} onClick={() => props.onPick(cell.start)} className="cursor-pointer">
            {cell.month && (
              <text x={LEFT + cell.week * CELL} y={9} className="fill-ink-3 text-[8px]">
                {cell.month}
              </text>
            )}
            <rect
              x={LEFT + cell.week * CELL}
              y={TOP + cell.weekday * CELL}
              width={CELL - 2}
              height={CELL - 2}
              rx={2}
              fill={cell.load > 0 ? 'var(--series-1)' : 'var(--sunken)'}
              fillOpacity={cell.load > 0 ? 0.15 + 0.85 * (cell.load / top) : 1}
            >
              <title>{`${bucketName(cell.start, 'day', zone)}: ${exact(cell.load)} ${props.what}`}</title>
            </rect>
          </g>
        ))}
      </svg>
    </div>
  );
}
