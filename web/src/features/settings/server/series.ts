import type { ServerDay, ServerReport } from '@/api/server';
import type { ChartData, Marker, Series } from '@/components/chart/model';
import { fixed } from '@/lib/format';
import { server as words } from '@/words';

const SAID = words.charts;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Time is noted every minute, and clocks are set: so many hours less are not a standstill. */
const TOLERANCE = 2 / 60;

/** A day that is shown: its start, and its figures if the server ran on it. */
interface Shown {
  start: number;
  day: ServerDay | undefined;
}

/** Every day from the first with figures to today; a day without is one on which the server did not run. */
function shownDays({ days, to }: ServerReport): Shown[] {
  const byStart = new Map(days.map((day) => [Date.parse(day.day), day]));
  const first = Math.min(...byStart.keys());
  const shown: Shown[] = [];
  for (let start = first; start < Date.parse(to); start += DAY) {
    shown.push({ start, day: byStart.get(start) });
  }
  return shown;
}

/** The start of the first day with figures, if the range began before it. */
export function firstNoted({ days, from }: ServerReport): number | null {
  const first = days[0] && Date.parse(days[0].day);
  return first !== undefined && first > Date.parse(from) ? first : null;
}

/** What a day is marked with; null if the server ran on it as long as it could. */
function standstill({ start, day }: Shown, noted: { from: number; to: number }): string | null {
  if (!day) return SAID.didNotRun;
  const possible = (Math.min(start + DAY, noted.to) - Math.max(start, noted.from)) / HOUR;
  return day.hoursUp < possible - TOLERANCE
    ? SAID.ran(fixed(day.hoursUp, 1, true), fixed(possible, 1, true))
    : null;
}

/** Marks the days on which the server did not run all the time, and the one on which it began to take notes. */
export function standstills(report: ServerReport): Marker[] {
  const noted = { from: Date.parse(report.firstNoted ?? report.from), to: Date.parse(report.to) };
  const began = firstNoted(report);
  const found: Marker[] = began === null ? [] : [marker(began, SAID.began, 'release')];
  for (const shown of shownDays(report)) {
    const label = standstill(shown, noted);
    if (label === null || shown.start === began) continue;
    const last = found.at(-1);
    const goes = last?.label === label && !shown.day && last.until === shown.start - 1;
    if (goes) last.until = shown.start + DAY - 1;
    else found.push({ ...marker(shown.start, label, 'incident'), until: shown.start + DAY - 1 });
  }
  return found;
}

const marker = (at: number, label: string, kind: Marker['kind']): Marker => ({ at, label, kind });

type Drawn = Pick<Series, 'id' | 'label' | 'token' | 'kind'> &
  Partial<Series> & { of: (day: ServerDay) => number | null | undefined };

/** A chart of figures by day; a day on which the server did not run is a gap. */
function byDay(report: ServerReport, unit: ChartData['unit'], drawn: Drawn[]): ChartData {
  const shown = shownDays(report);
  const to = Date.parse(report.to);
  const first = shown[0]?.start ?? to;
  return {
    starts: shown.map(({ start }) => start),
    end: (shown.at(-1)?.start ?? to - DAY) + DAY,
    granularity: 'day',
    zone: 'UTC',
    unit,
    completeUntil: to,
    range: { from: first, to },
    series: drawn.map(({ of, ...series }) => ({
      ...series,
      values: shown.map(({ day }) => (day && of(day)) ?? null),
    })),
  };
}

/** Bytes stored at the end of each day. */
export const byteSeries = (report: ServerReport): ChartData =>
  byDay(report, 'bytes', [
    {
      id: 'bytes',
      label: words.storage.bytes,
      token: '--series-1',
      kind: 'line',
      area: true,
      of: ({ bytes }) => bytes,
    },
  ]);

/** Events stored on each day. */
export const eventSeries = (report: ServerReport): ChartData =>
  byDay(report, 'count', [
    {
      id: 'events',
      label: SAID.events,
      token: '--series-1',
      kind: 'bar',
      of: ({ events }) => events,
    },
  ]);

/** Requests of each day, and the average time to answer them by the right axis. */
export const requestSeries = (report: ServerReport): ChartData => ({
  ...byDay(report, 'count', [
    {
      id: 'requests',
      label: SAID.requests,
      token: '--series-2',
      kind: 'bar',
      of: ({ requests }) => requests,
    },
    {
      id: 'average',
      label: SAID.averageTime,
      hint: SAID.rightAxis,
      token: '--series-3',
      kind: 'line',
      axis: 'right',
      of: ({ requestMs }) => requestMs,
    },
  ]),
  rightUnit: 'milliseconds',
});

/** Posts and requests of each day that failed or took too long. */
export const troubleSeries = (report: ServerReport): ChartData =>
  byDay(report, 'count', [
    {
      id: 'failed',
      label: SAID.failed,
      hint: SAID.failedHint,
      token: '--failed',
      kind: 'bar',
      of: ({ failed }) => failed,
    },
    {
      id: 'slow',
      label: SAID.slow,
      hint: SAID.slowHint,
      token: '--waiting',
      kind: 'bar',
      of: ({ slow }) => slow,
    },
  ]);
