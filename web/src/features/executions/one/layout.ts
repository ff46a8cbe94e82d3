import type { Item, Span } from './model';

/** A row of the waterfall: one item, or several that do not overlap. */
export interface Row {
  items: Item[];
  /** How deep it is nested; 0 at the top. */
  depth: number;
  /** Whether there is something inside to show or hide. */
  opens: boolean;
}

/** How the rows are laid out. */
export interface Layout {
  rows: Row[];
  /** From the first start to the last end of all items, hidden ones included. */
  span: Span;
  /** Each item's own time together with that of everything inside it. */
  reach: ReadonlyMap<string, Span>;
  /** The row of each item that is shown. */
  rowOf: ReadonlyMap<string, number>;
}

export interface LayoutOptions {
  /** Whether the inside of an item is shown. */
  open: (item: Item) => boolean;
  /** Whether an item may have something inside that has not been loaded. */
  mayOpen?: (item: Item) => boolean;
  /** Puts items that do not overlap into one row. */
  packed?: boolean;
  /** The shortest time that is drawn, in milliseconds, 1 unless given: shorter items take as much room. */
  least?: number;
  /** Only items whose name contains this text, and what they are part of. */
  find?: string;
}

/** Siblings on their way into rows. */
interface Level {
  siblings: Item[];
  /** The next one. */
  at: number;
  lanes: { row: Row; busyUntil: number }[];
}

/** By start, then by end, then by id: the order does not depend on that of the input. */
const inOrder = (a: Item, b: Item): number =>
  a.start - b.start || a.end - b.end || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/**
 * The items inside each item, in order; under null those at the top. An item whose parent is absent is at the top, and so
 * are items that are inside each other.
 */
function childrenOf(items: Item[]): Map<string | null, Item[]> {
  const byId = new Map(items.map((item) => [item.id, item]));
  const circular = circlesIn(items, byId);
  const children = new Map<string | null, Item[]>();
  for (const item of items) {
    const isInside = item.parent !== null && byId.has(item.parent) && !circular.has(item.id);
    const parent = isInside ? item.parent : null;
    const siblings = children.get(parent);
    if (siblings) siblings.push(item);
    else children.set(parent, [item]);
  }
  for (const siblings of children.values()) siblings.sort(inOrder);
  return children;
}

/** The items that are inside themselves. Each item is passed once, however deep they are nested. */
function circlesIn(items: Item[], byId: ReadonlyMap<string, Item>): ReadonlySet<string> {
  const circular = new Set<string>();
  const walks = new Map<string, number>();
  const above = ({ parent }: Item): Item | undefined =>
    parent === null ? undefined : byId.get(parent);
  items.forEach((item, walk) => {
    let at: Item | undefined = item;
    for (; at && !walks.has(at.id); at = above(at)) walks.set(at.id, walk);
    // A walk that meets itself went in a circle.
    if (!at || walks.get(at.id) !== walk) return;
    for (; at && !circular.has(at.id); at = above(at)) circular.add(at.id);
  });
  return circular;
}

function reachesOf(children: ReadonlyMap<string | null, Item[]>): Map<string, Span> {
  const order = [...(children.get(null) ?? [])];
  // The list grows while it is passed: what is inside an item comes after it.
  for (const item of order) order.push(...(children.get(item.id) ?? []));
  const reach = new Map<string, Span>();
  for (const item of order.toReversed()) {
    let { start, end } = item;
    if (item.wait) start = Math.min(start, item.wait.start);
    for (const child of children.get(item.id) ?? []) {
      const inside = reach.get(child.id);
      start = Math.min(start, inside?.start ?? start);
      end = Math.max(end, inside?.end ?? end);
    }
    reach.set(item.id, { start, end });
  }
  return reach;
}

/** The items to show when searching: those that match, and what they are part of. */
function matching(items: Item[], find: string): { shown: ReadonlySet<string>; hits: number } {
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  const byId = new Map(items.map((item) => [item.id, item]));
  const shown = new Set<string>();
  let hits = 0;
  for (const item of items) {
    const hay = `${item.name} ${item.type ?? ''} ${item.id}`.toLowerCase();
    if (!words.every((word) => hay.includes(word))) continue;
    hits += 1;
    for (let at: Item | undefined = item; at && !shown.has(at.id);) {
      shown.add(at.id);
      at = at.parent === null ? undefined : byId.get(at.parent);
    }
  }
  return { shown, hits };
}

/** How many items a search finds. */
export const hitsOf = (items: Item[], find: string): number => matching(items, find).hits;

/**
 * Lays out a waterfall. Rows follow the start of their items; what is inside an item comes right after it. The rows of
 * items that are there do not change when later ones are added.
 */
export function layOut(items: Item[], options: LayoutOptions): Layout {
  const children = childrenOf(items);
  const reach = reachesOf(children);
  const filter = options.find ? matching(items, options.find).shown : null;
  const shows = (item: Item): boolean => filter === null || filter.has(item.id);
  const rows: Row[] = [];
  const insideOf = (item: Item): Item[] => (children.get(item.id) ?? []).filter(shows);
  const opens = (item: Item): boolean =>
    insideOf(item).length > 0 || (options.mayOpen?.(item) ?? false);
  // A search shows where its hits are, whatever is closed.
  const open = (item: Item): boolean =>
    insideOf(item).length > 0 && (filter !== null || options.open(item));
  // Siblings that are being placed, outermost first, with the rows that can take more of them.
  const levels: Level[] = [
    { siblings: (children.get(null) ?? []).filter(shows), at: 0, lanes: [] },
  ];
  for (let level = levels.at(-1); level; level = levels.at(-1)) {
    const item = level.siblings[level.at];
    level.at += 1;
    if (!item) {
      levels.pop();
      continue;
    }
    const nested = opens(item);
    const lane =
      options.packed && !nested
        ? level.lanes.find(({ busyUntil }) => busyUntil <= drawnFrom(item))
        : undefined;
    if (lane) {
      lane.row.items.push(item);
      lane.busyUntil = drawnUntil(item, options.least);
      continue;
    }
    const row: Row = { items: [item], depth: levels.length - 1, opens: nested };
    rows.push(row);
    if (!nested) level.lanes.push({ row, busyUntil: drawnUntil(item, options.least) });
    if (open(item)) {
      // What follows comes after the inside of this item, so no earlier row takes it.
      level.lanes = [];
      levels.push({ siblings: insideOf(item), at: 0, lanes: [] });
    }
  }
  const rowOf = new Map<string, number>();
  rows.forEach((row, index) => row.items.forEach((item) => rowOf.set(item.id, index)));
  return { rows, span: spanOf([...reach.values()]), reach, rowOf };
}

/** Where the drawing of an item begins: with the wait before it. */
export const drawnFrom = (item: Item): number => item.wait?.start ?? item.start;

/** Where the drawing of an item ends; one without a length takes a moment, too. */
export const drawnUntil = (item: Item, least = 1): number => Math.max(item.end, item.start + least);

function spanOf(spans: Span[]): Span {
  let [start, end] = [Infinity, -Infinity];
  for (const span of spans) {
    start = Math.min(start, span.start);
    end = Math.max(end, span.end);
  }
  return start > end ? { start: 0, end: 0 } : { start, end };
}

/** The next row after `at` whose item passes, or the first one; null if there is none. */
export function nextRow(rows: Row[], at: number, passes: (item: Item) => boolean): number | null {
  for (let step = 1; step <= rows.length; step += 1) {
    const index = (at + step + rows.length) % rows.length;
    if (rows[index]?.items.some(passes)) return index;
  }
  return null;
}
