import { useSyncExternalStore } from 'react';

const MINUTE = 60_000;
/** The server states its time to the second, and responses take a while: less than this is no difference. */
const TOLERANCE = 5_000;

/** How far the server's clock is ahead of a local time, in milliseconds; 0 if they agree or the server does not say. */
export function skewOf(date: string | null, local: number): number {
  const stated = date ? Date.parse(date) : NaN;
  const skew = stated + 500 - local;
  return Math.abs(skew) > TOLERANCE ? skew : 0;
}

let skew = 0;

/** Reads the server's time from the `Date` header of a response. */
export function noteServerTime(date: string | null): void {
  if (date) skew = skewOf(date, Date.now());
}

/** The present by the server's clock, because ranges are about its data (epoch milliseconds). */
export const present = (): number => Date.now() + skew;

const minute = (): number => Math.floor(present() / MINUTE) * MINUTE;

function subscribe(listener: () => void): () => void {
  let timer: number;
  const wait = (): void => {
    timer = window.setTimeout(
      () => {
        listener();
        wait();
      },
      MINUTE - (present() % MINUTE) + 20,
    );
  };
  wait();
  document.addEventListener('visibilitychange', listener);
  return () => {
    window.clearTimeout(timer);
    document.removeEventListener('visibilitychange', listener);
  };
}

/** The present minute (epoch milliseconds), so that what depends on it is stable between renders. */
export function useMinute(): number {
  return useSyncExternalStore(subscribe, minute);
}

let followed = minute();

function follow(): number {
  if (!document.hidden) followed = minute();
  return followed;
}

/** The minute that a page follows: it stands still while the page is paused or hidden. */
export function useFollowedMinute(following: boolean): number {
  return useSyncExternalStore(subscribe, following ? follow : () => followed);
}
