import { csvText } from '@/lib/csv';
import { endOf, incomplete, unitOf, type ChartData, type Marker } from './model';

/** What is exported: the figures as drawn, with every digit. */
export interface Exported {
  title: string;
  data: ChartData;
  markers: Marker[];
}

const time = (instant: number): string => new Date(instant).toISOString().replace('.000Z', 'Z');

/** One line per bucket: start, end, whether it is complete, and the figures; a gap is an empty cell. */
export function toCsv({ data }: Exported): string {
  const names = data.series.map((series) => csvText(`${series.label} (${unitOf(data, series)})`));
  const lines = data.starts.map((start, index) => {
    const values = data.series.map(({ values }) => values[index] ?? '');
    const whole = incomplete(data, index) === null;
    return [time(start), time(endOf(data, index)), whole, ...values].join(',');
  });
  return [['start', 'end', 'complete', ...names].join(','), ...lines, ''].join('\r\n');
}

/** The chart as an object: buckets, series, marks and thresholds; times are RFC 3339, a gap is null. */
export function toJson({ title, data, markers }: Exported): string {
  const document = {
    title,
    granularity: data.granularity,
    timezone: data.zone,
    range: { from: time(data.range.from), to: time(data.range.to) },
    buckets: data.starts.map((start, index) => ({
      start: time(start),
      end: time(endOf(data, index)),
      complete: incomplete(data, index) === null,
    })),
    series: data.series.map((series) => ({
      id: series.id,
      label: series.label,
      unit: unitOf(data, series),
      values: data.starts.map((_, index) => series.values[index] ?? null),
    })),
    thresholds: data.thresholds ?? [],
    markers: markers.map(({ at, until, open, label, kind }) => ({
      at: time(at),
      until: until === undefined || open ? null : time(until),
      label,
      kind,
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** The name of an exported file: `weir-executions-20261029-20261127.csv`, with the dates in UTC. */
export function fileName({ title, data }: Exported, extension: string): string {
  const words = title.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ['chart'];
  const day = (instant: number): string => time(instant).slice(0, 10).replaceAll('-', '');
  const { from, to } = data.range;
  return `weir-${words.join('-').slice(0, 60)}-${day(from)}-${day(to - 1)}.${extension}`;
}
