/** A space at which no line breaks: a figure stays with its unit. */
const NBSP = '\u00a0';

const after = (unit: string) => (figure: string) => `${figure}${NBSP}${unit}`;

/** The words in figures: units, and what shortens large numbers. Each takes a figure as text. */
export const figures = {
  noData: 'no data',
  /** In place of a figure of too few values. */
  tooFew: 'not enough data',
  tooFewRuns: (runs: string, least: string) =>
    `${runs} runs are too few: a percentile needs at least ${least}`,
  /** What a percentile is of. */
  ofRuns: (figure: string, runs: string) => `${figure}, of ${runs} runs`,
  /** `20k`, `1.24M`. */
  thousands: (figure: string) => `${figure}k`,
  millions: (figure: string) => `${figure}M`,
  billions: (figure: string) => `${figure}B`,
  trillions: (figure: string) => `${figure}T`,
  percent: after('%'),
  /** Less than the least percentage that is shown. */
  under: (figure: string) => `<${NBSP}${figure}`,
  /** Percentage points. */
  points: after('pt'),
  /** How many times as much. */
  times: after('×'),
  timesAsMuch: (figure: string) => `×${NBSP}${figure}`,
  dollars: (figure: string) => `$${figure}`,
  milliseconds: after('ms'),
  seconds: after('s'),
  minutes: after('m'),
  hours: after('h'),
  days: after('d'),
  /** A unit that stands alone, where `m` would be ambiguous. */
  minutesAlone: after('min'),
  /** `3 m 12 s`. */
  both: (larger: string, smaller: string) => `${larger}${NBSP}${smaller}`,
  bytesAlone: after('bytes'),
  /** Powers of 1,024, smallest first. */
  bytes: [after('B'), after('KiB'), after('MiB'), after('GiB'), after('TiB')],
  tokens: after('tokens'),
  credits: after('credits'),
};
