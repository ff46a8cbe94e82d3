/** The entries of `a, b, c` or of lines, without empty ones and without repeats. */
export function words(text: string): string[] {
  const entries = text
    .split(/[,\n]/)
    .map((entry) => entry.trim())
    .filter(Boolean);
  return [...new Set(entries)];
}
