import type { ReactNode } from 'react';
import { isolated } from '@/lib/format';
import { phrase } from '../phrase';

/** The words about annotations: their page, and the dialogs that show and change them. */
export const annotations = {
  title: 'Annotations',
  what: 'Annotations',
  sentence: {
    none: (period: string) => `Nothing was annotated ${period}.`,
    some: (counts: string[], period: string) => {
      const last = counts.at(-1) ?? '';
      const others = counts.slice(0, -1).join(', ');
      return `${others ? `${others} and ${last}` : last} ${period}.`;
    },
    open: (open: number) =>
      open === 0
        ? ''
        : open === 1
          ? ' One incident is still open.'
          : ` ${open} incidents are still open.`,
  },
  list: 'Timeline',
  note: 'newest first',
  most: (shown: string) => `The newest ${shown}. Choose a shorter range to see older ones.`,
  kinds: { release: 'Release', incident: 'Incident', note: 'Note' },
  plurals: { release: 'Releases', incident: 'Incidents', note: 'Notes' },
  filter: 'Kind',
  all: 'All',
  columns: {
    kind: 'Kind',
    title: 'Title',
    when: 'When',
    workflow: 'Workflow',
    environment: 'Environment',
    author: 'Added by',
  },
  key: 'an API key',
  every: 'All workflows',
  everywhere: 'All environments',
  since: (time: string) => `since ${time}`,
  version: (version: string) => `version ${version}`,
  page: (host: string) => `Open the page at ${host}`,
  details: (title: string) => `Details of ${isolated(title)}`,
  changeNamed: (title: string) => `Change ${isolated(title)}`,
  deleteNamed: (title: string) => `Delete ${isolated(title)}`,
  add: 'Add annotation',
  change: 'Change',
  delete: 'Delete',
  charts: 'Show on charts',
  close: 'Close',
  empty: {
    kind: 'None of this kind in this range.',
    about: 'Releases, incidents and notes appear here and on every chart over time.',
    pipeline: (post: ReactNode) =>
      phrase`A deployment pipeline adds its releases with ${post} and an ingest key:`,
    post: 'POST',
    command: 'Command that adds a release',
    yourKey: 'YOUR_INGEST_KEY',
    example: 'Version 1.4.0 released',
  },
  gone: 'This annotation could not be loaded. It may have been deleted.',
  unknown: 'Annotation',
  several: (count: number) => `${count} annotations`,
  form: {
    addTitle: 'Add annotation',
    changeTitle: 'Change annotation',
    save: 'Save',
    kind: 'Kind',
    title: 'Title',
    titleHint: 'Charts show it above the mark.',
    starts: 'Start',
    ends: 'End (optional)',
    zone: (zone: string) => `Time zone: ${zone}`,
    open: 'Leave empty while the incident is open.',
    moment: 'Leave empty for a moment.',
    workflow: 'Workflow',
    environment: 'Environment',
    version: 'Version (optional)',
    url: 'Link (optional)',
    urlStart: 'https://',
    urlHint: 'A commit, a ticket or a report.',
    description: 'Description (optional)',
    noStart: 'Enter a date and a time.',
    backwards: 'The end must be after the start.',
  },
  deleteTitle: 'Delete annotation',
  deleteLead: (title: ReactNode) => phrase`${title} disappears from the list and from every chart.`,
  outdated:
    'Someone changed this annotation after you opened it. Nothing was saved: close this dialog and open it again to see the current version.',
  outdatedDelete:
    'Someone changed this annotation after you opened it. It was not deleted: close this dialog to see the current version.',
};
