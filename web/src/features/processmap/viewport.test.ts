import { describe, expect, it } from 'vitest';
import { fitted, moved, opening, revealed, roomFor, SCALE, visible, zoomed } from './viewport';

const ROOM = { width: 800, height: 450 };
const WIDE = { width: 5000, height: 600 };
const START = { x: 40, y: 300, width: 26, height: 26 };

describe('the viewport', () => {
  it('opens a small map whole and not blown up, and a large one legibly from its beginning', () => {
    const small = opening({ width: 600, height: 200 }, ROOM, START);
    expect(visible(small, ROOM).x).toBeLessThanOrEqual(0);
    expect(small.scale).toBeLessThanOrEqual(1.2);
    const wide = opening(WIDE, ROOM, START);
    expect(wide.scale).toBeGreaterThanOrEqual(0.5);
    expect(visible(wide, ROOM).x).toBeCloseTo(0);
    const start = START.y * wide.scale + wide.y;
    expect(start).toBeGreaterThan(0);
    expect(start).toBeLessThan(ROOM.height);
  });

  it('fills the width with a small map, and keeps its scale when a refresh makes it a little larger', () => {
    const small = { width: 820, height: 210 };
    const { scale } = opening(small, ROOM, START);
    expect(scale * small.width).toBeGreaterThan(0.9 * ROOM.width);
    for (const more of [4, 9, 18]) {
      const grown = { width: small.width + more, height: small.height + more };
      expect(opening(grown, ROOM, START).scale).toBe(scale);
      expect(roomFor(grown, '400px').minHeight).toBe(roomFor(small, '400px').minHeight);
    }
  });

  it('needs as much height as a flat map has at the scale that its width allows', () => {
    const flat = { width: 1600, height: 240 };
    const [width = NaN, height = NaN] = roomFor(flat, '400px').aspectRatio.split(' / ').map(Number);
    const room = { width: 800, height: (800 * height) / width + 44 };
    const { scale } = fitted(flat, room);
    expect(scale).toBeCloseTo(0.5);
    expect(room.height - 44 - flat.height * scale).toBeLessThan(24);
    expect(room.height - 44 - flat.height * scale).toBeGreaterThanOrEqual(0);
    expect(roomFor(flat, '400px').maxHeight).toBe('min(288px, 400px)');
  });

  it('shows all of any map when it is fitted', () => {
    for (const map of [WIDE, { width: 300, height: 3000 }, { width: 90, height: 90 }]) {
      const seen = visible(fitted(map, ROOM), ROOM);
      expect(seen.x).toBeLessThanOrEqual(0.001);
      expect(seen.y).toBeLessThanOrEqual(0.001);
      expect(seen.x + seen.width).toBeGreaterThanOrEqual(map.width - 0.001);
      expect(seen.y + seen.height).toBeGreaterThanOrEqual(map.height - 0.001);
    }
  });

  it('keeps the point under the pointer when it scales, within bounds', () => {
    const view = { x: -120, y: 30, scale: 0.6 };
    const at = { x: 333, y: 77 };
    const next = zoomed(view, 1.7, at);
    const before = [(at.x - view.x) / view.scale, (at.y - view.y) / view.scale];
    const after = [(at.x - next.x) / next.scale, (at.y - next.y) / next.scale];
    expect(after[0]).toBeCloseTo(before[0] ?? NaN);
    expect(after[1]).toBeCloseTo(before[1] ?? NaN);
    expect(zoomed(view, 1e9, at).scale).toBe(SCALE.most);
    expect(zoomed(view, 1e-9, at).scale).toBe(SCALE.least);
  });

  it('never loses the map', () => {
    const view = { x: 0, y: 0, scale: 0.5 };
    for (const [dx, dy] of [
      [1e6, 1e6],
      [-1e6, -1e6],
    ] as const) {
      const seen = visible(moved(view, dx, dy, WIDE, ROOM), ROOM);
      expect(seen.x).toBeLessThan(WIDE.width);
      expect(seen.x + seen.width).toBeGreaterThan(0);
      expect(seen.y).toBeLessThan(WIDE.height);
      expect(seen.y + seen.height).toBeGreaterThan(0);
    }
  });

  it('moves to what is out of sight, and not at all to what is in sight', () => {
    const view = { x: 0, y: 0, scale: 1 };
    const box = { x: 100, y: 100, width: 148, height: 66 };
    expect(revealed(view, box, ROOM)).toEqual(view);
    const far = { ...box, x: 3000 };
    const seen = visible(revealed(view, far, ROOM), ROOM);
    expect(seen.x).toBeLessThan(far.x);
    expect(seen.x + seen.width).toBeGreaterThan(far.x + far.width);
  });
});
