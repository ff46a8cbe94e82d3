import { describe, expect, it } from 'vitest';
import { squarified, type Box } from './treemap';

/** Numbers from 0 to 1 that are the same in every run (the generator mulberry32). */
function randoms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Values of many magnitudes, the largest first, and the box that they fill. */
function example(seed: number): { values: number[]; box: Box } {
  const random = randoms(seed);
  const count = 1 + Math.floor(random() * 12);
  const values = Array.from({ length: count }, () => 10 ** (random() * 6 - 3));
  const box = {
    x: random() * 50,
    y: random() * 50,
    width: 50 + random() * 900,
    height: 50 + random() * 400,
  };
  return { values: values.sort((a, b) => b - a), box };
}

const EXAMPLES = Array.from({ length: 300 }, (_, seed) => example(seed));
const sum = (values: number[]): number => values.reduce((all, value) => all + value, 0);

/** How far two boxes reach into each other, along the axis on which they do so least. */
function overlap(a: Box, b: Box): number {
  const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const along = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.min(across, along);
}

describe('a treemap', () => {
  it('gives every value an area in proportion to it', () => {
    for (const { values, box } of EXAMPLES) {
      const boxes = squarified(values, box);
      expect(boxes).toHaveLength(values.length);
      boxes.forEach(({ width, height }, index) => {
        const share = (width * height) / (box.width * box.height);
        expect(share / ((values[index] ?? 0) / sum(values))).toBeCloseTo(1, 6);
      });
    }
  });

  it('puts nothing on top of anything else', () => {
    for (const { values, box } of EXAMPLES) {
      const boxes = squarified(values, box);
      boxes.forEach((one, index) => {
        for (const other of boxes.slice(index + 1)) expect(overlap(one, other)).toBeLessThan(1e-6);
      });
    }
  });

  it('puts nothing outside of its box', () => {
    for (const { values, box } of EXAMPLES) {
      for (const { x, y, width, height } of squarified(values, box)) {
        expect(x).toBeGreaterThanOrEqual(box.x - 1e-6);
        expect(y).toBeGreaterThanOrEqual(box.y - 1e-6);
        expect(x + width).toBeLessThanOrEqual(box.x + box.width + 1e-6);
        expect(y + height).toBeLessThanOrEqual(box.y + box.height + 1e-6);
      }
    }
  });

  it('has the rectangles of the paper that describes it', () => {
    const boxes = squarified([6, 6, 4, 3, 2, 2, 1], { x: 0, y: 0, width: 6, height: 4 });
    const rounded = boxes.map(({ x, y, width, height }) =>
      [x, y, width, height].map((of) => Number(of.toFixed(2))),
    );
    expect(rounded).toEqual([
      [0, 0, 3, 2],
      [0, 2, 3, 2],
      [3, 0, 1.71, 2.33],
      [4.71, 0, 1.29, 2.33],
      [3, 2.33, 1.2, 1.67],
      [4.2, 2.33, 1.2, 1.67],
      [5.4, 2.33, 0.6, 1.67],
    ]);
  });

  it('is empty without values', () => {
    expect(squarified([], { x: 0, y: 0, width: 6, height: 4 })).toEqual([]);
  });
});
