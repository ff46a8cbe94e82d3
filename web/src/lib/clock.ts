import { useSyncExternalStore } from 'react';

const MINUTE = 60_000;

function subscribe(listener: () => void): () => void {
  const timer = window.setInterval(listener, MINUTE);
  return () => window.clearInterval(timer);
}

/** The current time (epoch milliseconds) to the minute, so that what depends on it is stable between renders. */
export function useMinute(): number {
  return useSyncExternalStore(subscribe, () => Math.floor(Date.now() / MINUTE) * MINUTE);
}
