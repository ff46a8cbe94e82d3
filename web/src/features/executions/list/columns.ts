/** The columns of the list, in order. */
export const COLUMN_IDS = [
  'status',
  'workflow',
  'when',
  'started',
  'duration',
  'version',
  'trigger',
  'user',
  'environment',
  'steps',
  'cost',
  'error',
  'id',
] as const;
export type ColumnId = (typeof COLUMN_IDS)[number];

/** The columns among some names, in order; undefined if there is none. */
export function knownColumns(names: readonly string[]): ColumnId[] | undefined {
  const known = COLUMN_IDS.filter((id) => names.includes(id));
  return known.length > 0 ? known : undefined;
}

/** The columns that are shown unless the URL or the preferences say otherwise. */
export const USUAL: readonly ColumnId[] = [
  'status',
  'workflow',
  'when',
  'duration',
  'version',
  'trigger',
  'user',
  'error',
];

/** The share of the width that a column takes, and from which width on (pixels) it is shown. */
export const WIDTHS: Record<ColumnId, { grow: number; from: number }> = {
  status: { grow: 12, from: 0 },
  workflow: { grow: 24, from: 0 },
  when: { grow: 16, from: 0 },
  started: { grow: 16, from: 0 },
  duration: { grow: 9, from: 0 },
  version: { grow: 8, from: 900 },
  trigger: { grow: 11, from: 900 },
  user: { grow: 14, from: 1150 },
  environment: { grow: 11, from: 0 },
  steps: { grow: 7, from: 0 },
  cost: { grow: 9, from: 0 },
  error: { grow: 26, from: 700 },
  id: { grow: 22, from: 0 },
};

/** The columns to show in a width: those that a person chose, or the usual ones that have room. */
export function columnsIn(chosen: readonly ColumnId[] | undefined, width: number): ColumnId[] {
  if (chosen) return [...chosen];
  return USUAL.filter((id) => WIDTHS[id].from <= width);
}

/** The URL's list after a column was switched on or off; undefined if it is the usual one, or none is left. */
export function switched(
  chosen: readonly ColumnId[] | undefined,
  id: ColumnId,
): ColumnId[] | undefined {
  const shown = chosen ?? USUAL;
  const next = COLUMN_IDS.filter((other) =>
    other === id ? !shown.includes(id) : shown.includes(other),
  );
  const usual = next.length === USUAL.length && next.every((other) => USUAL.includes(other));
  return usual || next.length === 0 ? undefined : next;
}
