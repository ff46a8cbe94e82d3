import { chart as words } from '@/words';
import {
  bucketAt,
  edgeOf,
  endOf,
  MARGIN,
  positionOf,
  type ChartData,
  type Marker,
  type MarkerKind,
} from './model';

/** Marks closer than this, in pixels, are drawn as one. */
const NEAR = 5;
/** The average width of a character of a label, in pixels, and the most characters of one. */
const CHARACTER = 5.9;
const LONGEST = 26;
/** The space between two labels, in pixels. */
const GAP = 8;
/** Which labels get room first. */
const RANK: Record<MarkerKind, number> = { change: 0, incident: 1, release: 2, note: 3 };

/** A mark as it is drawn, in pixels. */
export interface Mark {
  x: number;
  /** The right edge of a band; equal to `x` for a line. */
  to: number;
  kind: MarkerKind;
  /** Null where another label has the room; the tooltip has every name. */
  label: { x: number; anchor: 'start' | 'end'; text: string } | null;
}

interface Placed {
  x: number;
  to: number;
  markers: Marker[];
}

function placed(markers: Marker[], data: ChartData, width: number): Placed[] {
  const first = data.starts[0] ?? data.end;
  const inside = markers.flatMap((marker): Placed[] => {
    const until = Math.min(marker.until ?? marker.at, data.end - 1);
    if (until < first) return [];
    const x = positionOf(data, Math.max(marker.at, first), width);
    if (x === null) return [];
    return [
      {
        x,
        to: marker.until === undefined ? x : (positionOf(data, until, width) ?? x),
        markers: [marker],
      },
    ];
  });
  const groups: Placed[] = [];
  for (const one of inside.sort((a, b) => a.x - b.x)) {
    const last = groups.at(-1);
    if (!last || one.x - last.x > NEAR) groups.push(one);
    else {
      last.to = Math.max(last.to, one.to);
      last.markers.push(...one.markers);
    }
  }
  return groups;
}

const shortened = (text: string): string =>
  text.length > LONGEST ? `${text.slice(0, LONGEST - 1).trimEnd()}…` : text;

/** The most telling of the marks in one place. */
const leading = (markers: Marker[]): MarkerKind =>
  markers.reduce(
    (kind, marker) => (RANK[marker.kind] < RANK[kind] ? marker.kind : kind),
    'note' as MarkerKind,
  );

/** Where the marks of a chart are, from left to right; labels never cover each other or leave the plot. */
export function marksOf(markers: Marker[], data: ChartData, width: number): Mark[] {
  const marks = placed(markers, data, width).map(({ x, to, markers: here }) => {
    const [only] = here;
    const text = here.length === 1 && only ? shortened(only.label) : words.marks(here.length);
    return { x, to, kind: leading(here), text };
  });
  const right = edgeOf(data.starts.length, width, data.starts.length) + MARGIN.right - GAP;
  const taken: [number, number][] = [];
  const labels = new Map<number, Mark['label']>();
  const byRank = [...marks.keys()].sort(
    (a, b) => RANK[marks[a]!.kind] - RANK[marks[b]!.kind] || b - a,
  );
  for (const index of byRank) {
    const { x, text } = marks[index]!;
    const room = text.length * CHARACTER;
    const free = (from: number): boolean =>
      from >= 0 &&
      from + room <= right &&
      taken.every(([a, b]) => from >= b + GAP || a >= from + room + GAP);
    const start = [x, x - room].find(free);
    if (start === undefined) continue;
    taken.push([start, start + room]);
    labels.set(index, { x, anchor: start === x ? 'start' : 'end', text });
  }
  return marks.map(({ x, to, kind }, index) => ({ x, to, kind, label: labels.get(index) ?? null }));
}

/** The markers that touch a bucket. */
export function markersIn(markers: Marker[], data: ChartData, index: number): Marker[] {
  const [start, end] = [data.starts[index] ?? data.end, endOf(data, index)];
  return markers.filter(
    ({ at, until }) => at < end && (until === undefined ? at >= start : until >= start),
  );
}

/** The bucket of the next marker to the left (-1) or right (1) of a bucket; null if there is none. */
export function nextMarked(
  markers: Marker[],
  data: ChartData,
  index: number,
  direction: 1 | -1,
): number | null {
  const buckets = markers.map(({ at }) => bucketAt(data, at)).filter((bucket) => bucket >= 0);
  const there = buckets.filter((bucket) => (bucket - index) * direction > 0);
  if (there.length === 0) return null;
  return direction > 0 ? Math.min(...there) : Math.max(...there);
}

/** The annotations that a mark stands for, by id: those from its place up to the next mark. */
export function annotationsAt(
  marks: Mark[],
  index: number,
  markers: Marker[],
  data: ChartData,
  width: number,
): string[] {
  const [from, to] = [marks[index]?.x ?? Infinity, marks[index + 1]?.x ?? Infinity];
  const first = data.starts[0] ?? data.end;
  return markers.flatMap(({ at, until = at, annotation }) => {
    if (annotation === undefined || until < first) return [];
    const x = positionOf(data, Math.max(at, first), width);
    return x !== null && x >= from && x < to ? [annotation] : [];
  });
}
