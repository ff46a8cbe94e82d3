/** The entries of a list separated by commas or line ends, without empty ones and repeats. */
export function parseList(text: string): string[] {
  const entries = text
    .split(/[,\n]/)
    .map((entry) => entry.trim())
    .filter(Boolean);
  return [...new Set(entries)];
}
