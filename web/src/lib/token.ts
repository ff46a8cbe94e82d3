import { useSyncExternalStore } from 'react';

/** Pages that a link with a secret in its fragment leads to. */
const PAGES = ['/setup', '/reset', '/invitation'];

let token = '';

/**
 * Takes the secret of a link out of the address bar, so that it stays out of the history, of bookmarks and of what is
 * copied from there. It is kept in memory only.
 */
export function takeToken(): void {
  const { hash, pathname, search } = window.location;
  if (hash.length < 2 || !PAGES.includes(pathname)) return;
  token = decodeURIComponent(hash.slice(1));
  window.history.replaceState(window.history.state, '', pathname + search);
}

function subscribe(listener: () => void): () => void {
  const taken = (): void => {
    takeToken();
    listener();
  };
  window.addEventListener('hashchange', taken);
  return () => window.removeEventListener('hashchange', taken);
}

/** The secret of the link that this page was opened with; empty where there was none. */
export function useLinkToken(): string {
  return useSyncExternalStore(subscribe, () => token);
}
