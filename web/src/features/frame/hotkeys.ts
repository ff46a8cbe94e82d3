import { type AnyRouter, useMatch, useNavigate, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { focusPage } from '@/lib/focusPage';
import { pageKey } from '@/lib/pageKeys';
import { openPanel } from '@/lib/panel';
import { frameOf } from '@/lib/search';
import { frame } from '@/words';
import { useCompareSwitch } from './compare';
import { useTimeless } from './timeless';

const { keys: words } = frame;
const { caps } = words;

/** Every shortcut, for the help dialog. */
export const KEYS: { keys: string[]; does: string }[] = [
  { keys: ['g', 'o'], does: words.overview },
  { keys: ['g', 'w'], does: words.workflows },
  { keys: ['g', 'x'], does: words.executions },
  { keys: ['g', 'e'], does: words.errors },
  { keys: ['g', 's'], does: words.settings },
  { keys: ['/'], does: words.search },
  { keys: ['t'], does: words.range },
  { keys: ['c'], does: words.compare },
  { keys: [caps.control, 'K'], does: words.palette },
  { keys: ['?'], does: words.help },
  { keys: ['←', '→'], does: words.buckets },
  { keys: [caps.enter], does: words.zoomIn },
  { keys: [caps.backspace], does: words.zoomOut },
];

const CHORD_MS = 1200;

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.matches('input, textarea, select') ||
    target.closest('dialog[open], [role=dialog], [role=listbox]') !== null
  );
}

/** Keys that act on what has the focus, if that is something to press. */
function pressing({ key, target }: KeyboardEvent): boolean {
  const presses = key === 'Enter' || key === ' ' || key === 'Backspace';
  return (
    presses && target instanceof Element && target.closest('a, button, [role=slider]') !== null
  );
}

/** Puts the cursor into the page's search, or opens the filters where a page has none. */
function focusSearch(router: AnyRouter): void {
  if (router.state.status === 'pending') {
    // The address is that of a page whose code is still on its way, and so is its search.
    const stop = router.subscribe('onRendered', () => {
      stop();
      focusSearch(router);
    });
    return;
  }
  const field = document.querySelector<HTMLInputElement>('[data-search]');
  if (field) field.focus();
  else openPanel('filter');
}

/** Handles the keyboard shortcuts, except while the user is typing. */
export function useHotkeys(): void {
  const navigate = useNavigate();
  const router = useRouter();
  const compare = useCompareSwitch();
  // The settings have neither a range nor a comparison.
  const board = useMatch({ from: '/frame/board', shouldThrow: false }) !== undefined;
  const ranged = !useTimeless() && board;
  useEffect(() => {
    let chordAt = 0;
    const go = (to: '/' | '/workflows' | '/executions' | '/errors' | '/settings'): void => {
      void navigate({ to, search: (previous) => frameOf(previous) }).then(focusPage);
    };
    const plain: Record<string, () => void> = {
      ...(board ? { '/': () => focusSearch(router) } : undefined),
      ...(ranged ? { t: () => openPanel('range'), c: compare.toggle } : undefined),
      '?': () => openPanel('help'),
      g: () => (chordAt = Date.now()),
    };
    const chord: Record<string, () => void> = {
      o: () => go('/'),
      w: () => go('/workflows'),
      x: () => go('/executions'),
      e: () => go('/errors'),
      s: () => go('/settings'),
    };
    const onKey = (event: KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        openPanel('palette');
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
      const inChord = Date.now() - chordAt < CHORD_MS;
      const own = pressing(event) ? undefined : pageKey(event.key);
      const action = (inChord ? chord[event.key] : undefined) ?? own ?? plain[event.key];
      chordAt = 0;
      if (!action) return;
      event.preventDefault();
      action();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [navigate, router, compare.toggle, board, ranged]);
}
