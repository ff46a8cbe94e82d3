import type { MouseEvent } from 'react';

/** Follows a link within the application, unless the reader opens it in a new tab or window or downloads it. */
export function followLink(event: MouseEvent, go: () => void): void {
  const elsewhere =
    event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (elsewhere) return;
  event.preventDefault();
  go();
}
