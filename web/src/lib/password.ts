/** The fewest characters a password may have; the server decides, this says it before. */
export const SHORTEST_PASSWORD = 10;

/** The rule in words, or how far a password is from it. Characters are counted as people see them. */
export function passwordRule(password: string): { met: boolean; words: string } {
  const length = [...password].length;
  const missing = SHORTEST_PASSWORD - length;
  if (length === 0) return { met: false, words: `At least ${SHORTEST_PASSWORD} characters` };
  if (missing > 0) return { met: false, words: `${missing} more to ${SHORTEST_PASSWORD}` };
  return { met: true, words: 'Long enough' };
}
