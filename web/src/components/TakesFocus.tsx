import { useEffect, useRef, type ReactNode } from 'react';

/** What a person types into or chooses from; a list is one stop. */
const FIELDS = 'input, select, textarea, [tabindex="0"]';

/** Content that takes the place of what had the focus: it takes the focus too, into its first field or list. */
export function TakesFocus({ children }: { children: ReactNode }): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.querySelector<HTMLElement>(FIELDS)?.focus(), []);
  return <div ref={box}>{children}</div>;
}
