/** A figure with its bounds. */
export interface Bounded {
  value: number;
  lower: number;
  upper: number;
}

/** The scale on which the figures of several versions are drawn. */
export interface Scale {
  from: number;
  to: number;
}

/** A scale from 0 to the largest upper bound. */
export function fromZero(figures: (Bounded | null | undefined)[]): Scale {
  return { from: 0, to: Math.max(0, ...figures.map((figure) => figure?.upper ?? 0)) };
}

/** A scale for rates: as wide as the bounds with some room, because rates near 100 % look alike from 0 on. */
export function aroundRates(figures: (Bounded | null | undefined)[]): Scale {
  const known = figures.filter((figure) => figure != null);
  const lowest = Math.min(100, ...known.map((figure) => figure.lower));
  return { from: Math.max(0, Math.floor(lowest / 5) * 5 - 5), to: 100 };
}
