import { exact } from '@/lib/format';

/** The words of time charts: what they mark, and what their controls say. */
export const chart = {
  time: 'Time',
  total: 'Total',
  none: 'None',
  noData: 'No data',
  noValues: 'none',
  notComplete: 'not yet complete',
  forecast: 'a forecast',
  partlyOutside: 'partly outside the range',
  /** Several marks that are too close together to distinguish. */
  marks: (names: string[]) => names.join(', '),
  /** One of them, and how many others there are. */
  moreMarks: (name: string, others: number) => `${name} +${others}`,
  /** A moment that a link names, without a label of its own. */
  mark: 'Marked',
  /** The release of a version; versions are numbers or texts such as `v2-beta`. */
  version: (version: string) => (/^\d/.test(version) ? `Version ${version}` : version),
  /** What is not over yet. */
  since: (time: string) => `since ${time}`,
  /** The label of a mark, as a button. */
  openMark: (label: string) => `Open ${label}`,
  annotate: 'Add annotation',
  rowsCut: (shown: number, all: number) =>
    `The first ${exact(shown)} of ${exact(all)} rows. An export has all of them.`,
  slider: (label: string, zooms: boolean, opens: boolean) =>
    `${label}. Arrow keys move between buckets${zooms ? ', Enter zooms into one, Backspace zooms out' : ''}, M moves to the next mark, I opens it${opens ? ', Space opens one' : ''}.`,
  legend: 'Series',
  legendEntry: (label: string, total: string | null, hidden: boolean) =>
    `${label}${total === null ? '' : `: ${total}`}. Click to ${hidden ? 'show' : 'hide'}.`,
  asTable: 'Show as table',
  asChart: 'Show as chart',
  logAxis: 'Log axis',
  explore: (title: string) => `Open in Explore: ${title}`,
  valuesOf: (label: string) => `${label}, as a table`,
  export: (title: string) => `Export ${title}`,
  csv: 'CSV',
  json: 'JSON',
  png: 'Picture (PNG)',
  exact: 'CSV and JSON have the exact values.',
  exportFailed: 'The picture could not be drawn.',
  overlay: 'Add a figure',
  overlayed: (count: number) => `${count} added`,
  thirdUnit: 'a chart has two axes',
};
