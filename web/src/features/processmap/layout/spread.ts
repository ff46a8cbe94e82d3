/** Something that wants to be at a position, in pixels; the heavier it is, the closer it comes. */
export interface Wish {
  wanted: number;
  weight: number;
}

interface Block {
  mean: number;
  weight: number;
  count: number;
}

/**
 * Positions in the given order, with at least `rooms[i]` between one and the next, that minimise the weighted squared
 * distance to what is wanted, and stay within `low` and `high` if there is room. Isotonic regression by pooling
 * adjacent violators (Ayer et al. 1955, "An empirical distribution function for sampling with incomplete information").
 */
export function spread(
  wishes: Wish[],
  rooms: number[],
  low = -Infinity,
  high = Infinity,
): number[] {
  const offsets = [0];
  for (let index = 1; index < wishes.length; index += 1) {
    offsets.push((offsets[index - 1] ?? 0) + (rooms[index - 1] ?? 0));
  }
  const blocks: Block[] = [];
  wishes.forEach(({ wanted, weight }, index) => {
    let block: Block = { mean: wanted - (offsets[index] ?? 0), weight, count: 1 };
    for (let last = blocks.at(-1); last && last.mean > block.mean; last = blocks.at(-1)) {
      const total = last.weight + block.weight;
      block = {
        mean: (last.mean * last.weight + block.mean * block.weight) / total,
        weight: total,
        count: last.count + block.count,
      };
      blocks.pop();
    }
    blocks.push(block);
  });
  const [from, to] = [low, high - (offsets.at(-1) ?? 0)];
  const means = blocks.flatMap(({ mean, count }) => Array.from({ length: count }, () => mean));
  return means.map((mean, index) => Math.max(from, Math.min(to, mean)) + (offsets[index] ?? 0));
}

/** Spreads wishes over a bounded interval: `apart` from each other, or closer where they would not fit otherwise. */
export function spreadWithin(wishes: Wish[], apart: number, low: number, high: number): number[] {
  const most = wishes.length > 1 ? (high - low) / (wishes.length - 1) : apart;
  const room = Math.max(0, Math.min(apart, most));
  return spread(
    wishes,
    wishes.slice(1).map(() => room),
    low,
    high,
  );
}
