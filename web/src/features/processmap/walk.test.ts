import { describe, expect, it } from 'vitest';
import { edgeKey, graphOf, stepKey } from './graph';
import { SIZE, type Box } from './layout/model';
import { SMALL_MAP } from './map.fixture';
import { neighbour } from './neighbour';
import { pathOfVariants } from './paths';

const at = (x: number, y: number): Box => ({ x, y, ...SIZE.card });

describe('the arrow keys', () => {
  const boxes = new Map([
    ['a', at(0, 100)],
    ['b', at(300, 100)],
    ['c', at(300, 300)],
    ['d', at(600, 110)],
  ]);

  it('move to the next node straight ahead', () => {
    expect(neighbour(boxes, 'a', 'right')).toBe('b');
    expect(neighbour(boxes, 'b', 'right')).toBe('d');
    expect(neighbour(boxes, 'b', 'down')).toBe('c');
    expect(neighbour(boxes, 'c', 'up')).toBe('b');
    expect(neighbour(boxes, 'd', 'left')).toBe('b');
  });

  it('stay where there is nothing ahead', () => {
    expect(neighbour(boxes, 'a', 'left')).toBeNull();
    expect(neighbour(boxes, 'nowhere', 'left')).toBeNull();
  });
});

describe('the path of a variant', () => {
  const step = (id: string, repeats = 1) => ({ id, name: id, repeats });

  it('runs from the start over its steps and their repeats to an end', () => {
    const { nodes, edges } = pathOfVariants([
      { steps: [step('a'), step('b', 3)], successRate: 100 },
    ]);
    expect(nodes).toContain(stepKey('b'));
    const [a, b] = [stepKey('a'), stepKey('b')];
    for (const key of [edgeKey('start', a), edgeKey(a, b), edgeKey(b, b), edgeKey(b, 'end')]) {
      expect(edges).toContain(key);
    }
    expect(edges).not.toContain(edgeKey(a, a));
  });

  it('ends where its executions ended', () => {
    const ends = (successRate: number | null) =>
      [...pathOfVariants([{ steps: [step('a')], successRate }]).nodes].slice(2);
    expect([100, 98, 0, null].map(ends)).toEqual([
      ['end'],
      ['end', 'failed'],
      ['failed'],
      ['dropped'],
    ]);
  });

  it('is a path of the map', () => {
    const known = new Set(graphOf(SMALL_MAP).edges.map(({ key }) => key));
    const { edges } = pathOfVariants([{ steps: [step('a'), step('b')], successRate: 100 }]);
    expect([...edges].filter((key) => !known.has(key))).toEqual([]);
  });
});
