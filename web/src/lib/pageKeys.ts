import { useEffect, useRef, useSyncExternalStore } from 'react';

/** A key that a page handles itself. */
export interface PageKey {
  key: string;
  does: string;
  run: () => void;
}

interface Entry {
  keys: PageKey[];
}

let current: Entry[] = [];
const listeners = new Set<() => void>();
const changed = (next: Entry[]): void => {
  current = next;
  listeners.forEach((listener) => listener());
};

/** What the page on screen does on a key; it comes before what the key does everywhere. */
export function pageKey(key: string): (() => void) | undefined {
  for (const entry of [...current].reverse()) {
    const found = entry.keys.find((candidate) => candidate.key === key);
    if (found) return found.run;
  }
  return undefined;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The keys of the page on screen, for the help. */
export function usePageKeyList(): PageKey[] {
  return useSyncExternalStore(subscribe, () => current).flatMap(({ keys }) => keys);
}

/** Handles keys while a component is on screen, unless the user is typing. What a key does may change at any time. */
export function usePageKeys(keys: PageKey[]): void {
  const entry = useRef<Entry>({ keys });
  useEffect(() => {
    entry.current.keys = keys;
  });
  useEffect(() => {
    const own = entry.current;
    changed([...current, own]);
    return () => changed(current.filter((other) => other !== own));
  }, []);
}
