import { useSyncExternalStore } from 'react';

/** The panels that a key, a command or a button can open. At most one is open. */
export type Panel =
  'range' | 'filter' | 'help' | 'palette' | 'account' | 'share' | 'views' | 'save-view';

let current: Panel | null = null;
const listeners = new Set<() => void>();

/** Opens a panel, or closes whichever is open. */
export function openPanel(panel: Panel | null): void {
  current = panel;
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether a panel is open, and how to open or close it. */
export function usePanel(panel: Panel): [boolean, (open: boolean) => void] {
  const open = useSyncExternalStore(subscribe, () => current === panel);
  return [
    open,
    (next) => {
      if (next) openPanel(panel);
      else if (current === panel) openPanel(null);
    },
  ];
}
