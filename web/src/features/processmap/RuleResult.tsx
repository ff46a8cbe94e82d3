import type { ReactNode } from 'react';
import type { Judged } from '@/api/conformance';
import { Icon } from '@/components/Icon';
import { Name } from '@/components/Name';
import { percent } from '@/lib/format';
import { dateTime } from '@/lib/zone';
import { processmap as words } from '@/words';
import { ExecutionLink } from './ExecutionsLink';

/** How many executions keep to a rule, and some of those that do not. */
export function RuleResult({ judged, zone }: { judged: Judged; zone: string }): ReactNode {
  const { applicable, violations, share, examples } = judged;
  if (violations === 0 || !share) {
    return (
      <p className="flex items-center gap-1.5 text-xs text-ink-2">
        <span className={applicable > 0 ? 'text-good' : 'text-ink-3'}>
          <Icon name={applicable > 0 ? 'check' : 'slash'} size={13} />
        </span>
        {words.rules.holds(applicable)}
        {share && ` ${words.rules.atMost(percent(share.upper))}`}
      </p>
    );
  }
  const rest = violations - examples.length;
  return (
    <div className="flex flex-col gap-1 text-xs">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <ShareBar {...share} />
        <p>
          <strong className="font-semibold text-bad">{percent(share.value)}</strong>{' '}
          <span className="text-ink-2">
            {words.rules.broken(violations, applicable)} (
            {words.rules.bounds(percent(share.lower), percent(share.upper))})
          </span>
        </p>
      </div>
      <details>
        <summary className="touch-target flex w-fit cursor-pointer items-center gap-1 text-ink-2 hover:text-ink">
          <Icon name="chevron" size={12} /> {words.rules.examples}
        </summary>
        <ul className="mt-1 border-l-2 pl-3">
          {examples.map((example) => (
            <li key={example.id} className="flex flex-wrap gap-x-3 py-0.5">
              <ExecutionLink id={example.id}>
                <span className="font-mono">
                  <Name of={example.executionId} />
                </span>
              </ExecutionLink>
              {example.startedAt != null && (
                <span className="text-ink-3">{dateTime(Date.parse(example.startedAt), zone)}</span>
              )}
              <span className="text-ink-2">{example.why}</span>
            </li>
          ))}
          {rest > 0 && <li className="py-0.5 text-ink-3">{words.rules.moreExamples(rest)}</li>}
        </ul>
      </details>
    </div>
  );
}

const WIDTH = 96;

/** A share from 0 to 100 as a bar, with its bounds as whiskers. Decorative: the figures are next to it. */
function ShareBar({ value, lower, upper }: { value: number; lower: number; upper: number }) {
  const x = (share: number): number => (share / 100) * WIDTH;
  return (
    <svg aria-hidden="true" width={WIDTH} height={10} className="rounded bg-sunken">
      <rect width={x(value)} height={10} fill="var(--failed)" />
      <path d={`M${x(lower)} 5H${x(upper)}`} stroke="var(--ink)" strokeWidth={1.5} />
    </svg>
  );
}
