import type { ReactNode } from 'react';
import { Icon, type IconName } from './Icon';

const TONES: Record<'bad' | 'warn' | 'good' | 'plain', { look: string; icon: IconName }> = {
  bad: { look: 'bg-bad-soft text-bad', icon: 'warning' },
  warn: { look: 'bg-warn-soft text-warn', icon: 'warning' },
  good: { look: 'bg-accent-soft text-ink', icon: 'check' },
  plain: { look: 'bg-sunken text-ink-2', icon: 'help' },
};

/** A short highlighted message: an error, a warning, a success or a remark. */
export function Notice(props: {
  tone: keyof typeof TONES;
  children: ReactNode;
  testId?: string;
}): ReactNode {
  const { look, icon } = TONES[props.tone];
  return (
    <div
      role={props.tone === 'bad' ? 'alert' : 'status'}
      data-testid={props.testId}
      className={`flex items-start gap-2 rounded-md px-3 py-2 ${look}`}
    >
      <span className="mt-0.5">
        <Icon name={icon} />
      </span>
      <div className="min-w-0 break-words">{props.children}</div>
    </div>
  );
}
