import type { ReactNode } from 'react';

/** A part of a whole, with how much it is in words. */
export interface BarPart {
  id: string;
  label: ReactNode;
  token: string;
  amount: number;
  figure: string;
  exact: string;
  detail: string;
}

/** A whole as one bar of its parts, and the parts by name; those of nothing are left out. */
export function PartsBar({ parts }: { parts: BarPart[] }): ReactNode {
  const shown = parts.filter(({ amount }) => amount > 0);
  return (
    <div className="flex flex-col gap-2 px-4 pt-1 pb-4">
      <div aria-hidden="true" className="flex h-4 gap-px overflow-hidden rounded">
        {shown.map(({ id, amount, token }) => (
          <span
            key={id}
            style={{ flexGrow: amount, flexBasis: 0, minWidth: 2, background: `var(${token})` }}
          />
        ))}
      </div>
      <ul className="flex flex-wrap gap-x-6 gap-y-1 text-xs">
        {shown.map((part) => (
          <li key={part.id} data-part={part.id} className="flex items-center gap-1.5">
            <span
              aria-hidden="true"
              className="size-2.5 rounded-sm"
              style={{ background: `var(${part.token})` }}
            />
            {part.label}
            <span className="font-medium" title={part.exact}>
              {part.figure}
            </span>
            <span className="text-ink-3">{part.detail}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
