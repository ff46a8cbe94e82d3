import type { ReactNode } from 'react';

/** Figures under each other: what each is, and its value with the exact one on hover. */
export function Figures(props: {
  rows: { label: string; value: ReactNode; exact?: string }[];
}): ReactNode {
  return (
    <dl className="grid grid-cols-[1fr_auto] gap-x-4 border-t px-4 py-1.5">
      {props.rows.map(({ label, value, exact }) => (
        <div key={label} className="contents">
          <dt className="py-1 text-ink-2">{label}</dt>
          <dd className="py-1 text-right font-medium" title={exact}>
            {value}
          </dd>
        </div>
      ))}
    </dl>
  );
}
