import type { ReactNode } from 'react';
import type { EngagementRule } from '@/api/activity';
import { Card } from '@/components/Card';
import { fixed } from '@/lib/format';
import { activity as words } from '@/words';
import { PARTS, partShare } from './parts';

const SAID = words.engagement;

/** How a score is worked out, with the weights and targets of the project. */
export function Formula(props: {
  rule: EngagementRule;
  actions?: ReactNode;
  className?: string;
}): ReactNode {
  const { weights, targets } = props.rule;
  const target = {
    recency: SAID.means.recency,
    frequency: SAID.means.frequency(fixed(targets.daysPerWeek, 1, true)),
    depth: SAID.means.depth(fixed(targets.minutesPerDay, 1, true)),
    breadth: SAID.means.breadth(fixed(targets.features, 1, true)),
  };
  return (
    <Card
      title={SAID.formula}
      note={props.rule.version === 0 ? SAID.defaultRule : SAID.ownRule}
      testId="engagement-formula"
      actions={props.actions}
      className={props.className}
    >
      <p className="px-4 pb-2 text-ink-2">
        {SAID.score(
          PARTS.map((part) =>
            SAID.term(fixed(partShare(weights, part), 1, true), SAID.parts[part]),
          ),
        )}
      </p>
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1.5 px-4 pb-3 text-xs">
        {PARTS.map((part) => (
          <div key={part} className="contents">
            <dt className="font-medium">{SAID.parts[part]}</dt>
            <dd className="text-ink-2">{target[part]}</dd>
          </div>
        ))}
      </dl>
      <p className="px-4 pb-3 text-xs text-ink-3">{SAID.limits}</p>
    </Card>
  );
}
