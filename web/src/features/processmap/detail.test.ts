import { describe, expect, it } from 'vitest';
import { coverageOf, shownAt, usualDetail } from './detail';
import type { Graph, GraphEdge } from './layout/model';
import { randomGraph } from './layout/random.fixture';

const LEVELS = [0, 10, 25, 40, 60, 80, 95, 100];
const graphs = Array.from({ length: 40 }, (_, seed) => randomGraph(seed + 100));

/** The nodes that paths along the edges reach from these nodes. */
function reached(roots: string[], edges: GraphEdge[], tail: 'from' | 'to'): Set<string> {
  const seen = new Set(roots);
  const open = [...roots];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const edge of edges) {
      const next = edge[tail === 'from' ? 'to' : 'from'];
      if (edge[tail] !== at || seen.has(next)) continue;
      seen.add(next);
      open.push(next);
    }
  }
  return seen;
}

const ENDS = ['end', 'failed', 'dropped'];

describe('the levels of detail', () => {
  it('never leave a node unreachable, or without a way to an end, that has one', () => {
    const lost: string[] = [];
    const check = (graph: Graph, detail: number, seed: number): void => {
      const shown = shownAt(graph, detail);
      const edges = graph.edges.filter(({ key }) => shown.edges.has(key));
      const possible = {
        from: reached(['start'], graph.edges, 'from'),
        to: reached(ENDS, graph.edges, 'to'),
      };
      const from = reached(['start'], edges, 'from');
      const to = reached(ENDS, edges, 'to');
      for (const key of shown.nodes) {
        const whole =
          (!possible.from.has(key) || from.has(key)) && (!possible.to.has(key) || to.has(key));
        if (!whole) lost.push(`${key} at ${detail} of ${seed}`);
      }
      for (const edge of edges) {
        if (!shown.nodes.has(edge.from) || !shown.nodes.has(edge.to)) lost.push(edge.key);
      }
    };
    graphs.forEach((graph, seed) => LEVELS.forEach((detail) => check(graph, detail, seed)));
    expect(lost).toEqual([]);
  });

  it('show at each level what the levels below it show, and at the highest everything', () => {
    for (const graph of graphs) {
      let before = shownAt(graph, 0);
      for (const detail of LEVELS) {
        const shown = shownAt(graph, detail);
        expect([...before.edges].filter((key) => !shown.edges.has(key))).toEqual([]);
        expect([...before.nodes].filter((key) => !shown.nodes.has(key))).toEqual([]);
        before = shown;
      }
      expect(before.edges.size).toBe(graph.edges.length);
      expect(before.nodes.size).toBe(graph.nodes.length);
    }
  });

  it('show at the lowest one path from the start to the end, the one that most executions can have taken', () => {
    const edge = (from: string, to: string, weight: number): GraphEdge => ({
      key: `${from}${to}`,
      from,
      to,
      weight,
    });
    const graph: Graph = {
      nodes: ['start', 'a', 'b', 'c', 'end'].map((key) => ({
        key,
        kind: key === 'start' || key === 'end' ? key : 'step',
        weight: 1,
      })),
      edges: [
        edge('start', 'a', 100),
        edge('a', 'b', 60),
        edge('a', 'c', 40),
        edge('b', 'end', 55),
        edge('c', 'end', 45),
      ],
    };
    expect([...shownAt(graph, 0).edges].toSorted()).toEqual(['ab', 'bend', 'starta']);
    expect([...shownAt(graph, 0).nodes]).not.toContain('c');
  });

  it('start at the lowest that shows four fifths of the moves, unless the map is small', () => {
    expect(graphs.some((graph) => graph.edges.length <= 24)).toBe(true);
    for (const graph of graphs) {
      const detail = usualDetail(graph);
      if (graph.edges.length <= 24) {
        expect(detail).toBe(100);
        continue;
      }
      expect(coverageOf(graph, shownAt(graph, detail))).toBeGreaterThanOrEqual(0.8);
      if (detail > 0) expect(coverageOf(graph, shownAt(graph, detail - 5))).toBeLessThan(0.8);
    }
  });
});
