import type { ReactNode } from 'react';

/** A label and its value; whatever is falsy is left out. */
export type Fact = [label: string, value: ReactNode] | false | '' | null | undefined;

/** Labelled values, in two columns. */
export function Facts({ facts }: { facts: Fact[] }): ReactNode {
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1">
      {facts.map(
        (fact) =>
          fact && (
            <div key={fact[0]} className="contents">
              <dt className="text-ink-3">{fact[0]}</dt>
              <dd className="min-w-0 wrap-anywhere">{fact[1]}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
