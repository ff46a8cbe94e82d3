import type { Variant } from '@/api/processMap';

type Step = Variant['steps'][number];

/** How a step of a path stands to the usual path. */
export type Mark = 'same' | 'added' | 'missing' | 'repeats';

/** A step of a path, or one of the usual path that it leaves out. */
export interface Line {
  step: Step;
  mark: Mark;
}

/** How long the longest common subsequence is of what is left of two paths, from each pair of positions on. */
function common(path: Step[], usual: Step[]): number[][] {
  const left = Array.from({ length: path.length + 1 }, () =>
    Array.from({ length: usual.length + 1 }, () => 0),
  );
  for (let i = path.length - 1; i >= 0; i -= 1) {
    for (let j = usual.length - 1; j >= 0; j -= 1) {
      const after = left[i + 1];
      left[i]![j] =
        path[i]?.id === usual[j]?.id
          ? 1 + (after?.[j + 1] ?? 0)
          : Math.max(after?.[j] ?? 0, left[i]?.[j + 1] ?? 0);
    }
  }
  return left;
}

/**
 * A path step by step, with what it has more and less than the usual one: as few differences as there can be, by their
 * longest common subsequence (Wagner and Fischer 1974, "The string-to-string correction problem").
 */
export function againstUsual(path: Step[], usual: Step[]): Line[] {
  const left = common(path, usual);
  const at = (i: number, j: number): number => left[i]?.[j] ?? 0;
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < path.length || j < usual.length) {
    const [step, other] = [path[i], usual[j]];
    if (step && other && step.id === other.id) {
      lines.push({ step, mark: step.repeats === other.repeats ? 'same' : 'repeats' });
      i += 1;
      j += 1;
    } else if (other && (!step || at(i, j + 1) >= at(i + 1, j))) {
      lines.push({ step: other, mark: 'missing' });
      j += 1;
    } else if (step) {
      lines.push({ step, mark: 'added' });
      i += 1;
    }
  }
  return lines;
}
