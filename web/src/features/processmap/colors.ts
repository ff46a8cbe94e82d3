import { byText } from './layout/model';

/** How many steps have a colour of their own; the others are grey and have only their name. */
export const COLORS = 8;

function hashOf(text: string): number {
  let hash = 2166136261;
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16777619);
  return hash >>> 0;
}

/**
 * The colour of each of the most frequent steps, 0 to `COLORS` - 1. It follows from the step's id, so that it stays
 * when others become more frequent; where two ids want one colour, the next free one is taken.
 */
export function colorsOf(steps: { id: string; runs: number }[]): Map<string, number> {
  const frequent = steps
    .toSorted((a, b) => b.runs - a.runs || byText(a.id, b.id))
    .slice(0, COLORS)
    .sort((a, b) => byText(a.id, b.id));
  const colors = new Map<string, number>();
  const taken = new Set<number>();
  for (const { id } of frequent) {
    let color = hashOf(id) % COLORS;
    while (taken.has(color)) color = (color + 1) % COLORS;
    taken.add(color);
    colors.set(id, color);
  }
  return colors;
}

/** The colour of a step as CSS has it. */
export const colorToken = (color: number | undefined): string =>
  color === undefined ? 'var(--ink-3)' : `var(--step-${color + 1})`;
