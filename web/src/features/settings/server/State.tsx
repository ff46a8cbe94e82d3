import { Fragment, type ReactNode } from 'react';
import type { ServerAdvice, ServerReport } from '@/api/server';
import { Icon, type IconName } from '@/components/Icon';
import { Tag } from '@/components/Tag';
import { server as words } from '@/words';
import { codeParts, stateOf } from './said';

const SAID = words.state;

type Urgency = ServerAdvice['urgency'];

const LOOKS: Record<Urgency, { icon: IconName; tone: 'bad' | 'warn'; ink: string }> = {
  now: { icon: 'warning', tone: 'bad', ink: 'text-bad' },
  soon: { icon: 'clock', tone: 'warn', ink: 'text-warn' },
};

/** The state of the server in a sentence, and what to do. */
export function State({ report }: { report: ServerReport }): ReactNode {
  const { text, urgency } = stateOf(report);
  const look = urgency && LOOKS[urgency];
  return (
    <div className="flex flex-col gap-2">
      <p data-testid="server-state" className="flex items-start gap-2 text-base leading-6">
        <span className={`mt-1 ${look ? look.ink : 'text-good'}`}>
          <Icon name={look ? look.icon : 'check'} />
        </span>
        <span className="min-w-0 text-pretty">{text}</span>
      </p>
      {report.advice.length > 0 && (
        <ul
          aria-label={SAID.advice}
          data-testid="server-advice"
          className="overflow-hidden rounded-lg border bg-surface"
        >
          {report.advice.map((advice) => (
            <Advice key={advice.about} advice={advice} />
          ))}
        </ul>
      )}
    </div>
  );
}

function Advice({ advice }: { advice: ServerAdvice }): ReactNode {
  const { icon, tone } = LOOKS[advice.urgency];
  return (
    <li className="flex items-start gap-3 border-t px-4 py-2 first:border-t-0">
      <span className="w-14 shrink-0">
        <Tag tone={tone}>
          <span className="flex items-center gap-1">
            <Icon name={icon} size={12} /> {SAID.urgency[advice.urgency]}
          </span>
        </Tag>
      </span>
      <p className="min-w-0 text-pretty">
        {codeParts(advice.text).map((part, index) => (
          <Fragment key={index}>
            {index % 2 ? <code className="font-mono text-xs">{part}</code> : part}
          </Fragment>
        ))}
      </p>
    </li>
  );
}
