import type { ReactNode } from 'react';
import type { Variant } from '@/api/processMap';
import { processmap as words } from '@/words';
import { colorToken } from './colors';
import { stepName } from './graph';

/** How many steps of a path are drawn before it is expanded. */
const FEW = 9;
/** Up to how many steps a path names in full, over two lines if it has to; a longer one is cut to a line. */
const NAMED = 6;

/** Whether a path has more to show than is drawn before it is expanded. */
export const isCut = (steps: Variant['steps']): boolean => steps.length > NAMED;

/** The steps of a path as chevrons in their colours; those that have none are grey. Each says its name; a path may have none. */
export function Chevrons(props: {
  steps: Variant['steps'];
  colors: Map<string, number>;
  whole: boolean;
}): ReactNode {
  const { steps } = props;
  const whole = props.whole || !isCut(steps);
  const shown = whole || steps.length <= FEW + 1 ? steps : steps.slice(0, FEW);
  const rest = steps.length - shown.length;
  if (steps.length === 0) {
    return <span className="text-xs text-ink-3">{words.variants.noSteps}</span>;
  }
  return (
    <ol className={`flex min-w-0 items-center gap-y-1 ${whole ? 'flex-wrap' : ''}`}>
      {shown.map((step, index) => {
        const { repeats } = step;
        const name = stepName(step);
        const color = colorToken(props.colors.get(step.id));
        return (
          <li
            key={index}
            title={repeats > 1 ? `${name} ${words.variants.repeats(repeats)}` : name}
            style={{ background: `color-mix(in srgb, ${color} 30%, var(--surface))` }}
            className={`chevron -mr-1 flex h-6 items-center overflow-hidden pr-2 pl-2.5 text-2xs ${index === 0 ? 'first' : ''} ${whole ? 'max-w-full' : 'min-w-6'}`}
          >
            <span
              aria-hidden="true"
              style={{ background: color }}
              className="mr-1 h-3 w-1 shrink-0 rounded-sm"
            />
            <bdi className="truncate">{name}</bdi>
            {repeats > 1 && (
              <span className="ml-1 shrink-0 font-semibold">{words.variants.repeats(repeats)}</span>
            )}
          </li>
        );
      })}
      {rest > 0 && (
        <li className="shrink-0 pl-2 text-2xs text-ink-3">{words.variants.more(rest)}</li>
      )}
    </ol>
  );
}
