import type { Box } from './layout/model';

export type Direction = 'left' | 'right' | 'up' | 'down';

/** How much worse a node is that is off to the side than one that is straight ahead. */
const ASIDE = 3;

/** The node that an arrow key moves to: the closest in a direction, preferably straight ahead; null if there is none. */
export function neighbour(
  boxes: Map<string, Box>,
  from: string,
  direction: Direction,
): string | null {
  const own = boxes.get(from);
  if (!own) return null;
  const sideways = direction === 'left' || direction === 'right';
  const sign = direction === 'right' || direction === 'down' ? 1 : -1;
  const center = ({ x, y, width, height }: Box) => [x + width / 2, y + height / 2] as const;
  const [x, y] = center(own);
  let best: { key: string; distance: number } | null = null;
  for (const [key, box] of boxes) {
    const [otherX, otherY] = center(box);
    const ahead = sign * (sideways ? otherX - x : otherY - y);
    const aside = Math.abs(sideways ? otherY - y : otherX - x);
    if (key === from || ahead < 1) continue;
    const distance = ahead + ASIDE * aside;
    if (!best || distance < best.distance) best = { key, distance };
  }
  return best?.key ?? null;
}
