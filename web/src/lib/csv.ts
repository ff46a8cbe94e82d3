/** A text as one CSV cell (RFC 4180). What a spreadsheet would take for a formula is kept a text. */
export function csvText(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows as CSV: an empty cell is an absent value. */
export function csvOf(rows: (string | number | null)[][]): string {
  const lines = rows.map((row) =>
    row.map((value) => (typeof value === 'string' ? csvText(value) : (value ?? ''))).join(','),
  );
  return [...lines, ''].join('\r\n');
}
