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
/** The most characters of a label that names several marks. */
const LONGEST_LIST = 52;
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

/** What a label can say of the marks in one place, the shortest first. */
function textsOf(here: Marker[]): string[] {
  const names = here.map(({ label }) => shortened(label));
  if (names.length === 1) return names;
  const first = here.findIndex(({ kind }) => kind === leading(here));
  const every = words.marks(names);
  const short = words.moreMarks(names[first] ?? '', names.length - 1);
  return every.length > LONGEST_LIST ? [short] : [short, every];
}

type Label = NonNullable<Mark['label']>;

/** Where labels are; none leaves the plot or covers another. */
class Labels {
  private readonly labels = new Map<number, Label & { from: number; to: number }>();

  constructor(private readonly right: number) {}

  /** Labels a mark if there is room, in place of the label that it had; otherwise changes nothing. */
  put(mark: number, x: number, text: string): void {
    const room = text.length * CHARACTER;
    const others = [...this.labels].filter(([other]) => other !== mark).map(([, label]) => label);
    const free = (from: number): boolean =>
      from >= 0 &&
      from + room <= this.right &&
      others.every((label) => from >= label.to + GAP || label.from >= from + room + GAP);
    const from = [x, x - room].find(free);
    if (from === undefined) return;
    this.labels.set(mark, { x, anchor: from === x ? 'start' : 'end', text, from, to: from + room });
  }

  of(mark: number): Label | null {
    const label = this.labels.get(mark);
    return label ? { x: label.x, anchor: label.anchor, text: label.text } : null;
  }
}

/** Where the marks of a chart are, from left to right; labels never cover each other or leave the plot. */
export function marksOf(markers: Marker[], data: ChartData, width: number): Mark[] {
  const marks = placed(markers, data, width).map(({ x, to, markers: here }) => ({
    mark: { x, to, kind: leading(here) },
    texts: textsOf(here),
  }));
  const right = edgeOf(data.starts.length, width, data.starts.length) + MARGIN.right - GAP;
  const labels = new Labels(right);
  const byRank = [...marks.entries()].sort(
    ([a, { mark: one }], [b, { mark: other }]) => RANK[one.kind] - RANK[other.kind] || b - a,
  );
  // The short texts of all come first, so that a long one takes no room that another needs.
  for (const [index, { mark, texts }] of byRank) labels.put(index, mark.x, texts[0] ?? '');
  for (const [index, { mark, texts }] of byRank) {
    const [, long] = texts;
    if (long !== undefined && labels.of(index)) labels.put(index, mark.x, long);
  }
  return marks.map(({ mark }, index) => ({ ...mark, label: labels.of(index) }));
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
