/** What this browser remembers under a name; null if that is nothing, or if its storage is blocked. */
export function remembered(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Remembers a text in this browser, or forgets it; where storage is blocked, it is gone with the page. */
export function remember(key: string, text: string | null): void {
  try {
    if (text === null) localStorage.removeItem(key);
    else localStorage.setItem(key, text);
  } catch {
    // Nothing else depends on it.
  }
}
