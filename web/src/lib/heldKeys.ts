/** Keys that are pressed while what they are meant for is on its way. */

/** How long keys wait at most, in milliseconds: what comes later is not what a person still expects. */
const PATIENCE_MS = 5000;
/** Keys that do more than write a character. */
const KEYS = ['Enter', 'Backspace', 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'];

let held: KeyboardEvent[] = [];
/** How many things keys wait for. */
let awaited = 0;
let replaying = false;

/** Whether an element takes text, or is in a dialog or a list, which have keys of their own. */
export function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.matches('input, textarea, select') ||
    target.closest('dialog[open], [role=dialog], [role=listbox]') !== null
  );
}

/** Whether a key opens the palette, which works while typing, too. */
export const opensPalette = ({ ctrlKey, metaKey, key }: KeyboardEvent): boolean =>
  (ctrlKey || metaKey) && key.toLowerCase() === 'k';

function onKeyDown(event: KeyboardEvent): void {
  if (awaited === 0 || replaying || typing(event.target)) return;
  if (event.key === 'Escape') held = [];
  const modified = event.ctrlKey || event.metaKey || event.altKey;
  const waits = !modified && (event.key.length === 1 || KEYS.includes(event.key));
  if (!waits && !opensPalette(event)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  held.push(event);
}

const pause = (ms = 0): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Keeps keys until a promise is settled, or patience ends; then presses them again, in their order. */
export function holdKeys(until: Promise<unknown>): void {
  window.addEventListener('keydown', onKeyDown, true);
  awaited += 1;
  const settled = until.catch(() => undefined);
  void Promise.race([settled, pause(PATIENCE_MS)]).then(async () => {
    // Keys that are pressed meanwhile come after those that wait.
    while (awaited === 1 && held.length > 0) {
      const [next] = held.splice(0, 1);
      if (next) press(next);
      // What a key opens has to be drawn before it takes the next key.
      await pause(20);
    }
    awaited -= 1;
  });
}

/** Presses a key on what has the focus. */
function press({ key, ctrlKey, metaKey, shiftKey }: KeyboardEvent): void {
  const target = document.activeElement ?? document.body;
  const init = { key, ctrlKey, metaKey, shiftKey, bubbles: true, cancelable: true };
  replaying = true;
  const untouched = target.dispatchEvent(new KeyboardEvent('keydown', init));
  replaying = false;
  // A key that a script sends does nothing in a browser on its own: what follows does what it would have done.
  if (!untouched || ctrlKey || metaKey) return;
  if (key === 'Enter' && target instanceof HTMLElement && target.matches('a, button')) {
    target.click();
  } else if (key.length === 1 && target.matches('input, textarea')) {
    write(target as HTMLInputElement, key);
  }
}

function write(field: HTMLInputElement, text: string): void {
  const end = field.value.length;
  field.setRangeText(text, field.selectionStart ?? end, field.selectionEnd ?? end, 'end');
  field.dispatchEvent(new Event('input', { bubbles: true }));
}
