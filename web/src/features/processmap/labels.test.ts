import { expect, test } from 'vitest';
import { labelsOf } from './labels';
import { layoutOf } from './layout';
import { byWeight, SIZE, type Box } from './layout/model';
import { randomGraph } from './layout/random.fixture';

/** Texts as arrows have them, and how wide they are in DejaVu Sans, as a share of its size, as Chromium measures them. */
const TEXTS = [
  { text: '3.25k', width: 2.81 },
  { text: '840 ms', width: 3.73 },
  { text: '123', width: 1.91 },
  { text: '3 m 12 s', width: 4.36 },
  { text: '12 h 40 m', width: 5.11 },
];
const LINE = 1.18;

interface Piece extends Box {
  is: string;
}

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** Everything that stands in a random map that is shown whole: its nodes, and its labels as they are drawn. */
function drawn(seed: number, distance: 'near' | 'far') {
  const font = { near: 12, far: 16 }[distance];
  const graph = randomGraph(seed);
  const layout = layoutOf(graph);
  const wanted = graph.edges
    .toSorted(byWeight)
    .map(({ key }, index) => ({ edge: key, ...TEXTS[index % TEXTS.length]! }));
  const placed = labelsOf(layout, new Set(layout.boxes.keys()), wanted, distance);
  const widths = new Map(wanted.map(({ edge, width }) => [edge, width * font]));
  const labels = placed.map(({ edge, x, y }): Piece => {
    const [width, height] = [widths.get(edge) ?? NaN, LINE * font];
    return { is: `label of ${edge}`, x: x - width / 2, y: y - height / 2, width, height };
  });
  const nodes = [...layout.boxes].map(([key, box]): Piece => ({ is: key, ...box }));
  return { seed, distance, wanted, placed, labels, nodes };
}

const maps = Array.from({ length: 40 }, (_, seed) => [drawn(seed, 'near'), drawn(seed, 'far')]);

test('no label overlaps a node or another label, however much a map shows', () => {
  const hits = maps
    .flat()
    .flatMap(({ seed, distance, labels, nodes }) =>
      labels.flatMap((label, index) =>
        [...nodes, ...labels.slice(index + 1)]
          .filter((other) => overlap(label, other))
          .map((other) => `${label.is} overlaps ${other.is} in ${seed}, ${distance}`),
      ),
    );
  expect(hits).toEqual([]);
});

test('a label is left out only where there is no room: the most frequent arrows have theirs', () => {
  const kept = maps.flat().flatMap(({ wanted, placed }) => {
    const shown = new Set(placed.map(({ edge }) => edge));
    return wanted.slice(0, 3).map(({ edge }) => shown.has(edge));
  });
  expect(kept.filter(Boolean).length / kept.length).toBeGreaterThan(0.9);
  expect(maps.flat().some(({ wanted, placed }) => placed.length < wanted.length)).toBe(true);
});

test('between two steps in sequence there is room for a count and a short time, even from afar', () => {
  const nodes = ['a', 'b'].map((key) => ({ key, kind: 'step' as const, weight: 5 }));
  const layout = layoutOf({ nodes, edges: [{ key: 'ab', from: 'a', to: 'b', weight: 5 }] });
  const middle = (layout.boxes.get('a')?.x ?? NaN) + SIZE.card.width + SIZE.channel.least / 2;
  for (const text of ['13.2k', '840 ms', '12.4 s']) {
    const [label] = labelsOf(layout, new Set(['a', 'b']), [{ edge: 'ab', text }], 'far');
    expect(label?.x, text).toBeCloseTo(middle);
  }
});
