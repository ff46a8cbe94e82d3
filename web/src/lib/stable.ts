import { useCallback, useLayoutEffect, useRef } from 'react';

/** A handler that is the same at every render, and does what the last one says: what has it need not be drawn again. */
export function useStable<Args extends unknown[]>(
  handler: (...args: Args) => void,
): (...args: Args) => void {
  const latest = useRef(handler);
  useLayoutEffect(() => {
    latest.current = handler;
  });
  return useCallback((...args: Args) => latest.current(...args), []);
}
