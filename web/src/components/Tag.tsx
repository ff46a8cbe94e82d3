import type { ReactNode } from 'react';

const TONES = {
  plain: 'border text-ink-2',
  accent: 'bg-accent-soft text-accent',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
};

/** A short label, such as a scope or a state. */
export function Tag(props: { tone?: keyof typeof TONES; children: ReactNode }): ReactNode {
  return (
    <span
      className={`inline-flex min-h-5 max-w-full items-center rounded px-1.5 text-2xs wrap-anywhere ${TONES[props.tone ?? 'plain']}`}
    >
      {props.children}
    </span>
  );
}
