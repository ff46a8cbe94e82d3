import { dates as words } from '@/words/basics';
import { useSyncExternalStore } from 'react';

/** A waiting time in words, rounded up: `8 seconds`, `2 minutes`, `1 hour`. */
export function waitLabel(seconds: number): string {
  const [size, unit] =
    seconds <= 90
      ? [1, 'second' as const]
      : seconds <= 5_400
        ? [60, 'minute' as const]
        : [3_600, 'hour' as const];
  return words.length(Math.max(1, Math.ceil(seconds / size)), unit);
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
