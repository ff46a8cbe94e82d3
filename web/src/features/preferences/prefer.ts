import { useSyncExternalStore } from 'react';
import { asProblem } from '@/api/client';
import { putPreferences, readPreferences, type StoredPreferences } from '@/api/preferences';
import {
  answered,
  effective,
  emptyCopy,
  held,
  hold,
  type Copy,
  type Preferences,
} from '@/lib/preferences';
import { chooseTheme } from '@/lib/theme';

/** How often a change is applied to preferences that another browser has changed meanwhile. */
const MOST_TRIES = 3;

let unsaved = false;
const listeners = new Set<() => void>();

function note(failed: boolean): void {
  unsaved = failed;
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether a choice could not be saved on the server. */
export function useUnsaved(): boolean {
  return useSyncExternalStore(subscribe, () => unsaved);
}

/** Stops saying that a choice is not saved. It is sent with the next one, or when the application is opened again. */
export const dismissUnsaved = (): void => note(false);

/** Makes this browser hold the preferences of a person. Returns whether it already knew what the server has. */
export function holdFor(person: string): boolean {
  const known = held();
  if (known?.person === person) return known.revision !== null;
  // The theme of whoever was here before is not theirs.
  if (known) chooseTheme('system');
  hold(emptyCopy(person));
  return false;
}

/** Reads the preferences from the server, and sends it what it has not got yet. */
export async function refreshPreferences(): Promise<void> {
  const person = held()?.person;
  const answer = await readPreferences();
  const known = held();
  if (!known || known.person !== person) return;
  hold(answered(known, answer));
  const { theme } = effective(held() ?? known);
  if (theme !== null) chooseTheme(theme);
  if (Object.keys(known.pending).length > 0) void save();
}

let saving: Promise<boolean> | null = null;

/** Sends what is pending until nothing is. Returns whether that succeeded. */
async function send(): Promise<boolean> {
  try {
    for (let conflicts = 0; ;) {
      const before = held();
      if (!before || Object.keys(before.pending).length === 0) {
        note(false);
        return true;
      }
      try {
        await sendOnce(before);
      } catch (error) {
        conflicts += 1;
        const outdated = asProblem(error).code === 'precondition_failed';
        if (!outdated || conflicts === MOST_TRIES) throw error;
        // Another browser has changed something: what was chosen here is put on top of it.
        take(before.person, await readPreferences());
      }
    }
  } catch {
    note(true);
    return false;
  } finally {
    saving = null;
  }
}

/** Holds an answer of the server, unless someone else has logged in meanwhile. */
function take(person: string, answer: StoredPreferences, sent?: Partial<Preferences>): void {
  const known = held();
  if (known?.person === person) hold(answered(known, answer, sent));
}

async function sendOnce(before: Copy): Promise<void> {
  const { person, revision, pending } = before;
  if (revision === null) return take(person, await readPreferences());
  take(person, await putPreferences(effective(before), revision), pending);
}

/** Sends what is pending, one request after the other. Returns whether the server has it all. */
export function save(): Promise<boolean> {
  return (saving ??= send());
}

/** Takes over a choice at once, and saves it for every browser. Returns whether that succeeded. */
export function prefer(choice: Partial<Preferences>): Promise<boolean> {
  if (choice.theme) chooseTheme(choice.theme);
  const known = held();
  if (!known) return Promise.resolve(false);
  hold({ ...known, pending: { ...known.pending, ...choice } });
  return save();
}
