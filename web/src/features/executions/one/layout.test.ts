import { describe, expect, it } from 'vitest';
import { drawnFrom, drawnUntil, layOut, nextRow, type Layout } from './layout';
import type { Item } from './model';

/** Numbers from 0 to 1 that depend on the seed only (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const item = (id: string, start: number, end: number, parent: string | null = null): Item => ({
  id,
  parent,
  kind: 'step',
  name: `Step ${id}`,
  type: null,
  status: 'completed',
  critical: false,
  attempts: [],
  waited: 0,
  wait: null,
  start,
  end,
});

/** Items nested up to four deep; many have no length, some wait, some stick out of their parent, some have no parent. */
function history(seed: number, count: number): Item[] {
  const next = random(seed);
  const items: Item[] = [];
  const depths = new Map<string, number>();
  for (let index = 0; index < count; index += 1) {
    const within = items[Math.floor(next() * items.length)];
    const deep = within !== undefined && (depths.get(within.id) ?? 0) < 4 && next() < 0.5;
    const parent = next() < 0.02 ? 'gone' : deep ? within.id : null;
    const start = Math.floor(next() * 400);
    const length = next() < 0.3 ? 0 : Math.floor(next() * 60);
    const made = item(`s${index}`, start, start + length, parent);
    if (next() < 0.2)
      made.wait = { start: start - Math.floor(next() * 20), end: start, why: 'idle' };
    depths.set(made.id, deep ? (depths.get(within.id) ?? 0) + 1 : 0);
    items.push(made);
  }
  return items;
}

const shuffled = (items: Item[], seed: number): Item[] => {
  const next = random(seed);
  return items
    .map((entry) => ({ entry, key: next() }))
    .sort((a, b) => a.key - b.key)
    .map(({ entry }) => entry);
};

const SEEDS = Array.from({ length: 60 }, (_, seed) => seed + 1);
const all = { open: () => true };
const idsOf = ({ rows }: Layout): string[][] => rows.map((row) => row.items.map(({ id }) => id));

describe.each([{ packed: false }, { packed: true }])(
  'the layout of a waterfall, $packed',
  (mode) => {
    it('shows every item once', () => {
      for (const seed of SEEDS) {
        const items = history(seed, 120);
        const shown = idsOf(layOut(items, { ...all, ...mode })).flat();
        expect([...shown].sort()).toEqual(items.map(({ id }) => id).sort());
      }
    });

    it('never lets the items of a row overlap, however short they are', () => {
      for (const seed of SEEDS) {
        const { rows } = layOut(history(seed, 120), { ...all, ...mode, least: 3 });
        const overlapping = rows.flatMap(({ items }) =>
          items.slice(1).filter((later, index) => drawnFrom(later) < drawnUntil(items[index]!, 3)),
        );
        expect(overlapping).toEqual([]);
      }
    });

    it('puts nothing outside of what it is part of, in rows and in time', () => {
      for (const seed of SEEDS) {
        const items = history(seed, 120);
        const { rows, reach, rowOf } = layOut(items, { ...all, ...mode });
        const known = new Set(items.map(({ id }) => id));
        const children = items.filter(({ parent }) => parent !== null && known.has(parent));
        const outside = children.filter((child) => {
          const [inner, outer] = [reach.get(child.id)!, reach.get(child.parent!)!];
          const [at, top] = [rowOf.get(child.id)!, rowOf.get(child.parent!)!];
          const { depth } = rows[top]!;
          const isInTime = inner.start >= outer.start && inner.end <= outer.end;
          const isBelow = at > top && rows[at]!.depth === depth + 1;
          return !(
            isInTime &&
            isBelow &&
            rows.slice(top + 1, at + 1).every((between) => between.depth > depth)
          );
        });
        expect(outside).toEqual([]);
        expect(children.length).toBeGreaterThan(20);
      }
    });

    it('does not depend on the order in which items arrive', () => {
      for (const seed of SEEDS) {
        const items = history(seed, 80);
        const expected = idsOf(layOut(items, { ...all, ...mode }));
        expect(idsOf(layOut(shuffled(items, seed + 1000), { ...all, ...mode }))).toEqual(expected);
      }
    });

    it('leaves the rows of what is there alone when later steps arrive', () => {
      for (const seed of SEEDS) {
        const flat = history(seed, 80).map((entry) => ({ ...entry, parent: null, wait: null }));
        const ordered = flat.sort((a, b) => a.start - b.start);
        const early = ordered.filter(({ start }) => start < 200);
        const before = layOut(early, { ...all, ...mode });
        const after = layOut(ordered, { ...all, ...mode });
        for (const { id } of early) expect(after.rowOf.get(id)).toBe(before.rowOf.get(id));
      }
    });

    it('finds 5,000 steps a place within a blink', () => {
      const items = history(7, 5_000);
      const began = performance.now();
      layOut(items, { ...all, ...mode });
      expect(performance.now() - began).toBeLessThan(1000);
    });
  },
);

describe('opening and searching', () => {
  const tree = [item('a', 0, 10), item('b', 1, 5, 'a'), item('c', 2, 3, 'b'), item('d', 20, 30)];

  it('hides what is inside a closed item, but not the time that it takes', () => {
    const closed = layOut(tree, { open: ({ id }) => id !== 'b' });
    expect(idsOf(closed)).toEqual([['a'], ['b'], ['d']]);
    expect(closed.rows.map(({ opens }) => opens)).toEqual([true, true, false]);
    expect(closed.reach.get('b')).toEqual({ start: 1, end: 5 });
  });

  it('shows the hits of a search with what they are part of, even in closed items', () => {
    const found = layOut(tree, { open: () => false, find: 'step c' });
    expect(idsOf(found)).toEqual([['a'], ['b'], ['c']]);
  });

  it('takes items that are inside each other as if they were inside nothing', () => {
    const circle = [item('a', 0, 1, 'b'), item('b', 2, 3, 'a')];
    expect(idsOf(layOut(circle, all))).toEqual([['a'], ['b']]);
  });

  it('leaves what is inside a circle where it is', () => {
    const items = [item('a', 0, 1, 'b'), item('b', 2, 3, 'a'), item('c', 4, 5, 'b')];
    const { rows } = layOut(items, all);
    expect(rows.map((row) => [row.items[0]?.id, row.depth])).toEqual([
      ['a', 0],
      ['b', 0],
      ['c', 1],
    ]);
  });

  it('nests to any depth, with a search and without', () => {
    const deep = Array.from({ length: 5_000 }, (_, level) =>
      item(`s${level}`, level, 10_000 - level, level > 0 ? `s${level - 1}` : null),
    );
    const { rows, reach } = layOut(deep, all);
    expect(rows.at(-1)).toMatchObject({ depth: 4_999, opens: false });
    expect(reach.get('s4998')).toEqual({ start: 4_998, end: 5_002 });
    expect(layOut(deep, { open: () => false, find: 's4999' }).rows).toHaveLength(5_000);
  });

  it('packs what does not overlap into one row, and gives nested items their own', () => {
    const flat = [item('a', 0, 10), item('b', 10, 20), item('c', 5, 8)];
    expect(idsOf(layOut(flat, { ...all, packed: true }))).toEqual([['a', 'b'], ['c']]);
    const nested = layOut([...flat, item('x', 6, 7, 'c')], { ...all, packed: true });
    expect(idsOf(nested)).toEqual([['a'], ['c'], ['x'], ['b']]);
  });

  it('goes to the next row that passes, and round to the first', () => {
    const { rows } = layOut(tree, all);
    const isC = ({ id }: Item): boolean => id === 'c';
    expect([nextRow(rows, -1, isC), nextRow(rows, 3, isC)]).toEqual([2, 2]);
    expect(nextRow(rows, 0, () => false)).toBeNull();
  });
});
