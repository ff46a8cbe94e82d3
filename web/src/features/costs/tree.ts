import type { Part } from '../overview/Breakdown';

/** The largest parts by themselves, and everything else as one. */
export function folded(parts: Part[], most: number): Part[] {
  const named = parts.filter(({ name }) => name !== null);
  const rest = [...named.slice(most), ...parts.filter(({ name }) => name === null)];
  if (rest.length === 0) return named;
  const sum = (of: (part: Part) => number | null): number =>
    rest.reduce((all, part) => all + (of(part) ?? 0), 0);
  return [
    ...named.slice(0, most),
    {
      key: 'other',
      name: null,
      groups: sum(({ groups }) => groups),
      value: sum(({ value }) => value),
      before: null,
      share: sum(({ share }) => share),
      row: {},
    },
  ];
}
