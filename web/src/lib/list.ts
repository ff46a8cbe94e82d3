/** The entries of a list separated by commas or line ends, without empty ones and repeats. */
export function parseList(text: string): string[] {
  const entries = text
    .split(/[,\n]/)
    .map((entry) => entry.trim())
    .filter(Boolean);
  return [...new Set(entries)];
}

/** A list with an entry added, or removed if it is in there; undefined rather than empty, as the URL has it. */
export function toggled(list: string[] | undefined, entry: string): string[] | undefined {
  const rest = (list ?? []).filter((other) => other !== entry);
  const next = rest.length === (list?.length ?? 0) ? [...rest, entry] : rest;
  return next.length > 0 ? next : undefined;
}
