import { useSyncExternalStore } from 'react';

/** Pages that are opened by a link with a secret in its fragment. */
const PAGES = ['/setup', '/reset', '/invitation'];

let token = '';

/**
 * Removes the secret of a link from the address bar, so that it does not end up in the history, in bookmarks or in a
 * copied address. It is kept in memory only.
 */
export function takeToken(): void {
  const { hash, pathname, search } = window.location;
  if (hash.length < 2 || !PAGES.includes(pathname)) return;
  token = decodeURIComponent(hash.slice(1));
  window.history.replaceState(window.history.state, '', pathname + search);
}

function subscribe(listener: () => void): () => void {
  const onHashChange = (): void => {
    takeToken();
    listener();
  };
  window.addEventListener('hashchange', onHashChange);
  return () => window.removeEventListener('hashchange', onHashChange);
}

/** The secret of the link that opened this page; empty if there was none. */
export function useLinkToken(): string {
  return useSyncExternalStore(subscribe, () => token);
}
