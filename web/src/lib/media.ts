import { useCallback, useSyncExternalStore } from 'react';

/** Whether a media query matches now; the component is drawn again when that changes. */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const list = window.matchMedia(query);
      list.addEventListener('change', listener);
      return () => list.removeEventListener('change', listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}

/** Whether the page is as narrow as a phone, where tables become cards. The limit is that of the classes `max-md:`. */
export const useNarrow = (): boolean => useMedia('(width < 48rem)');
