/** Where a key leads from a place, in a grid of this size. */
export function moved(
  { row, at }: { row: number; at: number },
  key: string,
  rows: number,
  columns: number,
): { row: number; at: number } {
  const within = (value: number, most: number): number => Math.max(0, Math.min(most, value));
  const steps: Record<string, [number, number]> = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
    PageUp: [0, -24],
    PageDown: [0, 24],
    Home: [0, -columns],
    End: [0, columns],
  };
  const [down, right] = steps[key] ?? [0, 0];
  return { row: within(row + down, rows - 1), at: within(at + right, columns - 1) };
}
