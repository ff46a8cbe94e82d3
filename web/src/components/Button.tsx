import type { ButtonHTMLAttributes, ReactNode } from 'react';

type Kind = 'quiet' | 'outline' | 'primary' | 'danger';

const KINDS: Record<Kind, string> = {
  quiet:
    'text-ink-2 hover:bg-sunken hover:text-ink aria-pressed:bg-accent-soft aria-pressed:text-accent',
  outline:
    'border bg-surface text-ink hover:border-line-strong aria-pressed:border-accent aria-pressed:text-accent data-[state=open]:border-line-strong',
  primary: 'bg-accent text-accent-ink hover:opacity-90',
  danger: 'bg-bad text-surface hover:opacity-90',
};

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: Kind;
  small?: boolean;
}

/** The classes of a button, for links and triggers that look like one. */
export function buttonClass(kind: Kind = 'outline', small = false): string {
  const size = small ? 'h-6 px-1.5 text-xs' : 'h-8 px-2.5';
  return `touch-target inline-flex items-center justify-center gap-1.5 rounded-md whitespace-nowrap transition-colors disabled:opacity-45 ${size} ${KINDS[kind]}`;
}

/** A button, 32 px high; 40 px on touch screens. */
export function Button({ kind = 'outline', small, className = '', ...rest }: Props): ReactNode {
  return <button type="button" className={`${buttonClass(kind, small)} ${className}`} {...rest} />;
}
