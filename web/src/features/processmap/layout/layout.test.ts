import { describe, expect, it } from 'vitest';
import { randomGraph } from './random.fixture';
import { layoutOf, pointAt } from '.';
import { acyclic, shapingEdges } from './acyclic';
import { layersOf } from './layers';
import type { Box, Graph, Layout, Point } from './model';
import { SIZE } from './model';
import { crossings, ordered } from './order';

const graphs = Array.from({ length: 40 }, (_, seed) => randomGraph(seed));
const layouts = graphs.map(layoutOf);
const each = (check: (graph: Graph, layout: Layout, seed: number) => void): void =>
  graphs.forEach((graph, seed) => check(graph, layouts[seed] ?? layoutOf(graph), seed));

const boxOf = (layout: Layout, key: string): Box => {
  const box = layout.boxes.get(key);
  if (!box) throw new Error(`no box for ${key}`);
  return box;
};

const apart = (a: Box, b: Box): boolean =>
  a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;

/** Whether a point is inside a box, by more than a rounding error. */
const within = ({ x, y }: Point, box: Box): boolean =>
  x > box.x + 0.5 && x < box.x + box.width - 0.5 && y > box.y + 0.5 && y < box.y + box.height - 0.5;

describe('the layout of any map', () => {
  it('places every node and draws every edge, within the map', () => {
    each((graph, layout) => {
      expect(layout.boxes.size).toBe(graph.nodes.length);
      expect(layout.routes.size).toBe(graph.edges.length);
      for (const { x, y, width, height } of layout.boxes.values()) {
        expect(x >= 0 && y >= 0 && x + width <= layout.width && y + height <= layout.height).toBe(
          true,
        );
      }
    });
  });

  it('lets no two nodes overlap', () => {
    each((_, layout, seed) => {
      const boxes = [...layout.boxes];
      for (const [index, [a, first]] of boxes.entries()) {
        for (const [b, second] of boxes.slice(index + 1)) {
          expect(apart(first, second), `${a} and ${b} of ${seed}`).toBe(true);
        }
      }
    });
  });

  it('runs no arrow through a node', () => {
    const hits: string[] = [];
    each((graph, layout, seed) => {
      const boxes = [...layout.boxes];
      for (const edge of graph.edges) {
        const points = layout.routes.get(edge.key)?.points ?? [];
        const samples = ((points.length - 1) / 3) * 16;
        for (let sample = 0; sample <= samples; sample += 1) {
          const at = pointAt(points, sample / samples);
          const hit = boxes.find(([, box]) => within(at, box));
          if (hit) hits.push(`${edge.key} runs through ${hit[0]} in ${seed}`);
        }
      }
    });
    expect(hits).toEqual([]);
  });

  it('begins and ends every arrow at the borders of its nodes', () => {
    const onBorder = ({ x, y }: { x: number; y: number }, box: Box): boolean =>
      x >= box.x - 0.5 &&
      x <= box.x + box.width + 0.5 &&
      y >= box.y - 0.5 &&
      y <= box.y + box.height + 0.5;
    each((graph, layout) => {
      for (const { key, from, to } of graph.edges) {
        const points = layout.routes.get(key)?.points ?? [];
        expect(points.length % 3).toBe(1);
        expect(onBorder(pointAt(points, 0), boxOf(layout, from))).toBe(true);
        expect(onBorder(pointAt(points, 1), boxOf(layout, to))).toBe(true);
      }
    });
  });

  it('turns no corner: every curve goes on where and in the direction in which the last one ended', () => {
    each((graph, layout) => {
      for (const { key } of graph.edges) {
        const points = layout.routes.get(key)?.points ?? [];
        for (let joint = 3; joint < points.length - 1; joint += 3) {
          const [before, at, after] = points.slice(joint - 1, joint + 2);
          if (!before || !at || !after) throw new Error('a curve has four points');
          expect(Math.abs(before.y - at.y) + Math.abs(at.y - after.y)).toBeLessThan(0.01);
          expect((at.x - before.x) * (after.x - at.x)).toBeGreaterThanOrEqual(0);
        }
      }
    });
  });

  it('is the same whatever order the answer has', () => {
    each((graph, layout) => {
      const shuffled = { nodes: graph.nodes.toReversed(), edges: graph.edges.toReversed() };
      expect(layoutOf(shuffled)).toEqual(layout);
    });
  });

  it('begins at the left and ends at the right', () => {
    each((graph, layout) => {
      const xs = new Map(graph.nodes.map(({ key, kind }) => [kind, boxOf(layout, key).x]));
      for (const { key, kind } of graph.nodes.filter((node) => node.kind === 'step')) {
        expect(boxOf(layout, key).x, kind).toBeGreaterThan(xs.get('start') ?? -1);
        expect(boxOf(layout, key).x, kind).toBeLessThan(xs.get('end') ?? Infinity);
      }
    });
  });

  it('tells arrows that share two nodes apart', () => {
    each((graph, layout) => {
      const seen = new Map<string, string>();
      for (const { key } of graph.edges) {
        const path = JSON.stringify(layout.routes.get(key)?.points);
        expect(seen.has(path)).toBe(false);
        seen.set(path, key);
      }
    });
  });
});

describe('the layers', () => {
  it('follow every edge that shapes them, and break cycles at their rarest edge', () => {
    const ring = {
      nodes: ['a', 'b', 'c'].map((key) => ({ key, kind: 'step' as const, weight: 10 })),
      edges: [
        { key: 'ab', from: 'a', to: 'b', weight: 10 },
        { key: 'bc', from: 'b', to: 'c', weight: 9 },
        { key: 'ca', from: 'c', to: 'a', weight: 2 },
      ],
    };
    expect(acyclic(ring.edges).map(({ key }) => key)).toEqual(['ab', 'bc']);
    const { boxes, routes } = layoutOf(ring);
    expect(boxes.get('a')!.x).toBeLessThan(boxes.get('b')!.x);
    expect(boxes.get('b')!.x).toBeLessThan(boxes.get('c')!.x);
    expect(routes.get('ca')?.course).toBe('back');
    each((graph) => {
      const shaping = shapingEdges(graph);
      const layers = layersOf(graph, shaping);
      for (const { from, to } of shaping) expect(layers.get(from)!).toBeLessThan(layers.get(to)!);
    });
  });

  it('are ordered with no more crossings than they have unordered', () => {
    each((graph) => {
      const shaping = shapingEdges(graph);
      const result = ordered(graph, shaping, layersOf(graph, shaping));
      const unordered = result.layers.map((layer) =>
        layer.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
      );
      expect(crossings(result)).toBeLessThanOrEqual(crossings({ ...result, layers: unordered }));
    });
  });

  it('put a straight sequence on one line', () => {
    const keys = ['a', 'b', 'c', 'd'];
    const { boxes } = layoutOf({
      nodes: keys.map((key) => ({ key, kind: 'step', weight: 5 })),
      edges: keys
        .slice(1)
        .map((to, index) => ({ key: to, from: keys[index] ?? '', to, weight: 5 })),
    });
    expect(new Set([...boxes.values()].map(({ y }) => y)).size).toBe(1);
    expect(boxes.get('d')!.x - boxes.get('a')!.x).toBe(3 * (SIZE.card.width + SIZE.channel.least));
  });
});

it('lays out 60 steps and 400 arrows before anyone notices', () => {
  const graph = randomGraph(7, { steps: 60, edges: 400 });
  // The best of several, with a wide margin: other work on the machine must not decide.
  const times = Array.from({ length: 8 }, () => {
    const before = performance.now();
    layoutOf(graph);
    return performance.now() - before;
  });
  expect(Math.min(...times)).toBeLessThan(2_000);
}, 60_000);
