import {
  useMemo,
  useState,
  type AnchorHTMLAttributes,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
} from 'react';
import { Tip } from '@/components/cellTips';
import { useCoarsePointer } from '@/lib/coarse';
import { exact } from '@/lib/format';
import { bucketName } from '@/lib/granularity';
import { dayNumber, say, wallAt, weekday } from '@/lib/zone';
import { board, dates } from '@/words';

const words = board.calendar;

/** The side of a day with what is between two, in pixels: with fingers, 40. */
const CELL = 22;
const TOUCH_CELL = 40;
/** The room of the weekdays' names, and of the months'. */
const LEFT = 36;
const TOP = 20;
/** Between two days. */
const GAP = 3;
/** The rows that have a label: every second weekday, from Monday. */
const ROWS = [0, 2, 4, 6];
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

/** How many days an arrow key moves: a column is a week. */
const MOVES: Record<string, number> = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -7, ArrowRight: 7 };

/** Every day of the range as a square, darker for more work. Tab reaches one day, and the arrow keys the others. */
export function Calendar(props: {
  days: DayLoad[];
  zone: string;
  what: keyof typeof words.day;
  linkTo: (start: number) => { href: string; onClick: (event: MouseEvent) => void };
}): ReactNode {
  const { days, zone } = props;
  const cells = useMemo(() => cellsOf(days, zone), [days, zone]);
  const weeks = (cells.at(-1)?.week ?? 0) + 1;
  const top = Math.max(...days.map((day) => day.load), 1);
  const size = useCoarsePointer() ? TOUCH_CELL : CELL;
  const [stop, setStop] = useState(0);
  const [told, setTold] = useState<{ of: Element; text: string } | null>(null);
  if (weeks < 3 || weeks > MAX_WEEKS) return null;
  const tell = (cell: Cell): string =>
    words.day[props.what](bucketName(cell.start, 'day', zone), exact(cell.load));
  const move = (event: KeyboardEvent, index: number): void => {
    const next = cells[index + (MOVES[event.key] ?? 0)];
    if (!(event.key in MOVES)) return;
    event.preventDefault();
    const days = event.currentTarget.closest('svg')?.querySelectorAll('a');
    if (next) days?.[cells.indexOf(next)]?.focus();
  };
  const day = (cell: Cell, index: number): AnchorHTMLAttributes<HTMLAnchorElement> => {
    const text = tell(cell);
    return {
      ...props.linkTo(cell.start),
      'aria-label': text,
      tabIndex: index === Math.min(stop, cells.length - 1) ? 0 : -1,
      onKeyDown: (event) => move(event, index),
      onFocus: (event) => {
        setStop(index);
        setTold({ of: event.currentTarget, text });
      },
      onBlur: () => setTold(null),
    };
  };
  return (
    <div className="overflow-x-auto px-4 pb-3">
      <svg
        role="group"
        aria-label={words.label[props.what]}
        viewBox={`0 0 ${LEFT + weeks * size} ${TOP + 7 * size}`}
        width={LEFT + weeks * size}
        className={`h-auto text-2xs ${size === CELL ? 'max-w-full max-sm:max-w-none' : 'max-w-none'}`}
        preserveAspectRatio="xMinYMin meet"
      >
        {ROWS.map((row) => (
          <text
            key={row}
            x={0}
            y={TOP + (row + 0.5) * size}
            dominantBaseline="central"
            className="fill-ink-3"
          >
            {dates.weekdays[row]}
          </text>
        ))}
        {cells.map((cell, index) => (
          <g key={cell.start}>
            {cell.month && (
              <text x={LEFT + cell.week * size} y={TOP / 2} className="fill-ink-3">
                {cell.month}
              </text>
            )}
            <a {...day(cell, index)} className="outline-none focus-visible:[&>rect]:stroke-ink">
              <rect
                x={LEFT + cell.week * size}
                y={TOP + cell.weekday * size}
                width={size - GAP}
                height={size - GAP}
                rx={3}
                fill={cell.load > 0 ? 'var(--series-1)' : 'var(--sunken)'}
                fillOpacity={cell.load > 0 ? 0.15 + 0.85 * (cell.load / top) : 1}
              >
                <title>{tell(cell)}</title>
              </rect>
            </a>
          </g>
        ))}
      </svg>
      {told && <Tip {...told} />}
    </div>
  );
}
