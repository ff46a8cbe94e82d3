import { useSyncExternalStore } from 'react';

export type ThemeChoice = 'system' | 'light' | 'dark';

const KEY = 'weir.theme';
const listeners = new Set<() => void>();
const systemDark = (): boolean => matchMedia('(prefers-color-scheme: dark)').matches;

/** The user's choice; `public/theme.js` reads the same key before the first paint. */
export function themeChoice(): ThemeChoice {
  try {
    const stored = localStorage.getItem(KEY);
    return stored === 'dark' || stored === 'light' ? stored : 'system';
  } catch {
    return 'system';
  }
}

function apply(): void {
  const choice = themeChoice();
  const dark = choice === 'dark' || (choice === 'system' && systemDark());
  document.documentElement.classList.toggle('dark', dark);
  listeners.forEach((listener) => listener());
}

/** Chooses a theme for this browser. */
export function chooseTheme(choice: ThemeChoice): void {
  try {
    if (choice === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, choice);
  } catch {
    // Storage can be blocked; the choice then lasts as long as the page.
    document.documentElement.classList.toggle('dark', choice === 'dark');
  }
  apply();
}

/** Follows the system's theme as long as no other is chosen. */
export function watchSystemTheme(): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', apply);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The choice, and whether the page is dark now. */
export function useTheme(): { choice: ThemeChoice; dark: boolean } {
  const state = useSyncExternalStore(subscribe, () => {
    const dark = document.documentElement.classList.contains('dark');
    return `${themeChoice()} ${dark ? 'dark' : 'light'}`;
  });
  const [choice, shown] = state.split(' ');
  return { choice: choice as ThemeChoice, dark: shown === 'dark' };
}
