import type { Graph, GraphEdge, GraphNode } from './model';

/** Pseudo-random numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed + 0x6d2b79f5;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A random process map: a few steps or many, mostly in sequence, with skips, loops, and ends of every kind. */
export function randomGraph(seed: number, size?: { steps: number; edges: number }): Graph {
  const random = randomFrom(seed);
  const below = (count: number): number => Math.floor(random() * count);
  const steps = size?.steps ?? 1 + below(24);
  const names = Array.from({ length: steps }, (_, index) => `step ${index}`);
  const nodes: GraphNode[] = [
    { key: 'start', kind: 'start', weight: 1000 },
    ...names.map((key) => ({ key, kind: 'step' as const, weight: 1 + below(1000) })),
    { key: 'end', kind: 'end', weight: 1000 },
    { key: 'failed', kind: 'failed', weight: 20 },
    { key: 'dropped', kind: 'dropped', weight: 20 },
  ];
  const found = new Map<string, GraphEdge>();
  const add = (from: string, to: string, weight: number): void => {
    const key = `${from}>${to}`;
    if (!found.has(key)) found.set(key, { key, from, to, weight });
  };
  add('start', names[0] ?? '', 1000);
  names.slice(1).forEach((name, index) => add(names[index] ?? '', name, 500 + below(500)));
  add(names.at(-1) ?? '', 'end', 1000);
  const wanted = size?.edges ?? found.size + below(steps * 4);
  for (let tries = 0; found.size < wanted && tries < wanted * 20; tries += 1) {
    const from = names[below(steps)] ?? '';
    const kind = random();
    const to =
      kind < 0.05 ? 'end' : kind < 0.1 ? 'failed' : kind < 0.15 ? 'dropped' : names[below(steps)];
    add(from, to ?? '', 1 + below(kind < 0.5 ? 20 : 400));
  }
  return { nodes, edges: [...found.values()] };
}
