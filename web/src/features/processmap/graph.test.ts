import { describe, expect, it } from 'vitest';
import { edgeKey, graphOf, stepKey, stepName } from './graph';
import { flow, SMALL_MAP, stepNode } from './map.fixture';

describe('the graph of a map', () => {
  const { nodes, edges } = graphOf(SMALL_MAP);
  const weight = (from: string, to: string): number | undefined =>
    edges.find(({ key }) => key === edgeKey(from, to))?.weight;

  it('has an end for each kind of outcome, and loses no execution that has ended', () => {
    expect(weight(stepKey('b'), 'end')).toBe(90);
    expect(weight(stepKey('a'), 'failed')).toBe(6);
    expect(weight(stepKey('b'), 'dropped')).toBe(3);
    const ends = nodes.filter(({ kind }) => ['end', 'failed', 'dropped'].includes(kind));
    const ended = ends.reduce((sum, node) => sum + node.weight, 0);
    expect(ended).toBe(SMALL_MAP.executions - SMALL_MAP.open);
  });

  it('calls a step without a name by its id', () => {
    expect(stepName({ id: 'a', name: null })).toBe('a');
    expect(stepName({ id: 'a', name: 'Fetch' })).toBe('Fetch');
  });

  it('has no end that nothing reaches', () => {
    const map = { ...SMALL_MAP, nodes: [stepNode('a', 100), stepNode('b', 94)] };
    expect(graphOf(map).nodes.map(({ kind }) => kind)).toEqual(['step', 'step', 'start', 'end']);
  });

  it('knows how long executions waited on an arrow, but nothing of that kind about those who failed', () => {
    const found = (key: string) => edges.find((edge) => edge.key === key)?.flow;
    expect(found(edgeKey(stepKey('a'), stepKey('b')))?.waitP50).toBe(5000);
    expect(found(edgeKey(stepKey('a'), 'failed'))).toBeNull();
  });

  it('tells a step called end from the end', () => {
    const map = {
      ...SMALL_MAP,
      nodes: [stepNode('end', 100)],
      edges: [flow(null, 'end', 100), flow('end', null, 100)],
    };
    expect(graphOf(map).nodes.map(({ key }) => key)).toEqual(['step:end', 'start', 'end']);
    expect(graphOf(map).edges.map(({ from, to }) => `${from} ${to}`)).toEqual([
      'start step:end',
      'step:end end',
    ]);
  });

  it('leaves out arrows whose steps the answer leaves out', () => {
    const map = { ...SMALL_MAP, edges: [...SMALL_MAP.edges, flow('a', 'rare', 1)] };
    expect(graphOf(map).edges).toHaveLength(edges.length);
  });
});
