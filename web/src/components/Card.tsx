import { useId, type ReactNode } from 'react';

interface Props {
  title: string;
  note?: ReactNode;
  actions?: ReactNode;
  className?: string;
  testId?: string;
  children: ReactNode;
}

/** A titled region with a hairline border. */
export function Card({ title, note, actions, className = '', testId, children }: Props): ReactNode {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      data-testid={testId}
      className={`flex min-w-0 flex-col rounded-lg border bg-surface ${className}`}
    >
      <header className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 px-4 pt-2 pb-1">
        <h2 id={id} className="min-w-0 text-sm font-semibold wrap-anywhere">
          {title}
        </h2>
        {note && <span className="text-xs text-ink-3">{note}</span>}
        {actions && <div className="ml-auto flex flex-wrap items-center gap-1">{actions}</div>}
      </header>
      {children}
    </section>
  );
}
