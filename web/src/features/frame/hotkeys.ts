import { type AnyRouter, useMatch, useNavigate, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { focusPage } from '@/lib/focusPage';
import { holdKeys, opensPalette, typing } from '@/lib/heldKeys';
import { pageKey, usePageKeyList } from '@/lib/pageKeys';
import { openPanel } from '@/lib/panel';
import { frameOf } from '@/lib/search';
import { components, frame as frameWords } from '@/words';
import { useCompareSwitch } from './compare';
import type { PlacePath } from './places';
import { useTimeless } from './timeless';

const { keys: words } = frameWords;
const { caps } = words;

/** A shortcut for the help dialog. */
interface Shortcut {
  keys: string[];
  does: string;
}

/** Every shortcut that pages share. */
const KEYS: Shortcut[] = [
  { keys: ['g', 'o'], does: words.overview },
  { keys: ['g', 'w'], does: words.workflows },
  { keys: ['g', 'x'], does: words.executions },
  { keys: ['g', 'e'], does: words.errors },
  { keys: ['g', 'n'], does: words.connectors },
  { keys: ['g', 'c'], does: words.costs },
  { keys: ['g', 'a'], does: words.activity },
  { keys: ['g', 'r'], does: words.reliability },
  { keys: ['g', 'p'], does: words.explore },
  { keys: ['g', 't'], does: words.annotations },
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

/** The keys that choose a range or a comparison, which not every page has. */
const OF_RANGES = ['t', 'c'];

/** The shortcuts of the page on screen: its own, and the shared ones that it neither replaces nor lacks. */
export function useShortcuts(): Shortcut[] {
  const own = usePageKeyList();
  const ranged = useRanged();
  const works = ([key, ...rest]: string[]): boolean =>
    rest.length > 0 ||
    key === undefined ||
    (own.every((other) => other.key !== key) && (ranged || !OF_RANGES.includes(key)));
  return [
    ...own.map(({ key, does }) => ({ keys: [key], does })),
    ...KEYS.filter(({ keys }) => works(keys)),
  ];
}

/** Whether the page on screen is one of the board. */
const useBoard = (): boolean =>
  useMatch({ from: '/frame/board', shouldThrow: false }) !== undefined;

/** Whether the page on screen has a range. The settings have neither a range nor a comparison. */
function useRanged(): boolean {
  const board = useBoard();
  return !useTimeless() && board;
}

const CHORD_MS = 1200;

/** Keys that act on what has the focus, if that is something to press. */
function pressing({ key, target }: KeyboardEvent): boolean {
  const presses = key === 'Enter' || key === ' ' || key === 'Backspace';
  return (
    presses && target instanceof Element && target.closest('a, button, [role=slider]') !== null
  );
}

const frame = (): Promise<unknown> => new Promise(requestAnimationFrame);

/** Is fulfilled when the page of the address is on the screen. */
async function drawn(router: AnyRouter): Promise<void> {
  do await frame();
  while (router.state.status === 'pending');
}

/** How long a page may take for its data until it gets the keys that were pressed before it was there. */
const LOADED_MS = 1000;

/** Is fulfilled when the page on screen shows its data: most of its keys are about them. */
async function loaded(): Promise<void> {
  const latest = performance.now() + LOADED_MS;
  const loading = (): boolean =>
    document.querySelector(`#content [role=status][aria-label="${components.loading}"]`) !== null;
  do await frame();
  while (loading() && performance.now() < latest);
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
  const board = useBoard();
  const ranged = useRanged();
  useEffect(() => {
    let chordAt = 0;
    const go = (to: PlacePath | '/settings'): void => {
      // Keys that follow are meant for the page that is on its way.
      holdKeys(
        navigate({ to, search: (previous) => frameOf(previous) })
          .then(() => drawn(router))
          .then(focusPage)
          .then(loaded),
      );
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
      n: () => go('/connectors'),
      c: () => go('/costs'),
      a: () => go('/activity'),
      r: () => go('/reliability'),
      p: () => go('/explore'),
      t: () => go('/annotations'),
      s: () => go('/settings'),
    };
    const onKey = (event: KeyboardEvent): void => {
      if (opensPalette(event)) {
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
