import { accounts } from '@/words';

const words = accounts.password;

/** The minimum length of a password. The server enforces it; the page states it in advance. */
export const SHORTEST_PASSWORD = 10;

/** Whether a password meets the rule, and what to say about it. Characters are counted as code points. */
export function passwordRule(password: string): { met: boolean; message: string } {
  const length = [...password].length;
  const missing = SHORTEST_PASSWORD - length;
  if (length === 0) return { met: false, message: words.atLeast(SHORTEST_PASSWORD) };
  if (missing > 0) return { met: false, message: words.missing(missing) };
  return { met: true, message: words.met };
}
