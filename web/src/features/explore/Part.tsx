import { useId, type ReactNode } from 'react';

/** A part of the query under its name; what the API refuses of it stands below. */
export function Part(props: {
  title: string;
  problem: string | undefined;
  children: ReactNode;
}): ReactNode {
  const id = useId();
  return (
    <div role="group" aria-labelledby={id} className="flex flex-col gap-1.5">
      <h2 id={id} className="text-xs font-medium text-ink-2">
        {props.title}
      </h2>
      {props.children}
      {props.problem && (
        <p role="alert" className="text-xs text-bad">
          {props.problem}
        </p>
      )}
    </div>
  );
}
