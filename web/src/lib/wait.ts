import { useSyncExternalStore } from 'react';

/** A waiting time in words, rounded up: `8 seconds`, `2 minutes`, `1 hour`. */
export function waitLabel(seconds: number): string {
  const [size, name] =
    seconds <= 90 ? [1, 'second'] : seconds <= 5_400 ? [60, 'minute'] : [3_600, 'hour'];
  const count = Math.max(1, Math.ceil(seconds / size));
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

function eachSecond(listener: () => void): () => void {
  const timer = setInterval(listener, 1000);
  return () => clearInterval(timer);
}

const never = (): (() => void) => () => undefined;

/** Whole seconds until a moment (epoch milliseconds), counting down; 0 afterwards, and for 0. */
export function useSecondsUntil(moment: number): number {
  return useSyncExternalStore(moment > 0 ? eachSecond : never, () =>
    Math.max(0, Math.ceil((moment - Date.now()) / 1000)),
  );
}
