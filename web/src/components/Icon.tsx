import type { ReactNode } from 'react';

const PATHS = {
  overview: 'M3 13h4v8H3zM10 8h4v13h-4zM17 3h4v18h-4z',
  workflows: 'M4 5h6v5H4zM14 14h6v5h-6zM10 7.5h4.5a2 2 0 0 1 2 2V14',
  calendar: 'M4 6h16v14H4zM4 10h16M8 3v4M16 3v4',
  compare: 'M4 17l5-6 4 3 7-8M4 21h16',
  globe: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18',
  layers: 'M12 4l9 5-9 5-9-5zM3 14l9 5 9-5',
  filter: 'M4 5h16l-6 8v6l-4-2v-4z',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3.5 2',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  cross: 'M6 6l12 12M18 6L6 18',
  pencil: 'M4 20l1-4L16 5l3 3L8 19zM14 7l3 3',
  bolt: 'M13 3L5 14h6l-1 7 8-11h-6z',
  slash: 'M6 18L18 6',
  pause: 'M8 5v14M16 5v14',
  play: 'M7 5l11 7-11 7z',
  up: 'M12 19V5M6 11l6-6 6 6',
  down: 'M12 5v14M6 13l6 6 6-6',
  right: 'M9 5l7 7-7 7',
  chevron: 'M6 9l6 6 6-6',
  collapse: 'M4 4h16v16H4zM9 4v16',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.5M17.5 17.5L19 19M5 19l1.5-1.5M17.5 6.5L19 5',
  moon: 'M20 14a8 8 0 1 1-10-10 7 7 0 0 0 10 10z',
  screen: 'M3 5h18v11H3zM9 20h6M12 16v4',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L21 21',
  table: 'M4 5h16v14H4zM4 10h16M4 14.5h16M10 10v9',
  chart: 'M4 20h16M7 16v-5M12 16V6M17 16v-8',
  user: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 21c0-4 4-6 8-6s8 2 8 6',
  warning: 'M12 4l9 16H3zM12 10v4M12 17v.5',
  external: 'M14 4h6v6M20 4l-9 9M18 14v6H4V6h6',
  copy: 'M8 8h12v12H8zM4 16V4h12',
  settings: 'M4 7h9M17 7h3M15 4.5v5M4 17h3M11 17h9M9 14.5v5',
  key: 'M14.5 4a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM10.5 13.5L4 20M6 18l2.5 2.5M15 9.5h.01',
  shield: 'M12 3l8 3v6c0 4.5-3.2 7.8-8 9-4.8-1.2-8-4.5-8-9V6z',
  people:
    'M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM2.5 20c0-3.5 3-5 6.5-5s6.5 1.5 6.5 5M16 5.3a3.5 3.5 0 0 1 0 6.4M17.5 15.3c2.4.5 4 2 4 4.7',
  eyeOff:
    'M3 3l18 18M10 6.2A9.8 9.8 0 0 1 12 6c5 0 8.5 4 9.5 6-.4.9-1.3 2.2-2.6 3.4M6.6 7.5C4.6 8.8 3.2 10.7 2.5 12c1 2 4.5 6 9.5 6 1.5 0 2.9-.4 4.1-1',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  list: 'M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01',
  door: 'M5 21V4l9-1v18zM14 5h5v16M4 21h17M11 12h.01',
  left: 'M15 5l-7 7 7 7',
  plus: 'M12 5v14M5 12h14',
  flag: 'M6 21V4M6 5h12l-2.5 4L18 13H6',
  paper: 'M5 4h14v11l-5 5H5zM14 20v-5h5',
  slower: 'M12 5a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 9v4h4M9 2h6',
  plug: 'M9 3v5M15 3v5M6 8h12v3a6 6 0 0 1-12 0zM12 17v4',
  coins: 'M9 4a5 5 0 1 0 0 10A5 5 0 0 0 9 4zM14.5 9.6A5.2 5.2 0 1 1 9.6 14.5',
  bug: 'M8 9a4 4 0 0 1 8 0v6a4 4 0 0 1-8 0zM8 12H3M21 12h-5M8 8L4 5M16 8l4-3M8 16l-4 3M16 16l4 3',
  rising: 'M4 17l6-6 4 4 6-8M15 7h5v5',
  silent: 'M4 12h4l2-5 3 10 2-5h1M18.5 12h.01M21 12h.01',
  sparkle: 'M12 4l1.8 6.2L20 12l-6.2 1.8L12 20l-1.8-6.2L4 12l6.2-1.8z',
  server: 'M4 4h16v7H4zM4 13h16v7H4zM8 7.5h.01M8 16.5h.01',
  download: 'M12 4v11M7 10.5l5 5 5-5M5 20h14',
  bookmark: 'M7 4h10v16l-5-4-5 4z',
  megaphone: 'M4 10v4h3l9 5V5L7 10zM19 9.5a4 4 0 0 1 0 5M8 14l1 6',
  link: 'M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7l-1.5 1.5M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7l1.5-1.5',
  swap: 'M4 8h15M15 4l4 4-4 4M20 16H5M9 12l-4 4 4 4',
  explore: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM15.5 8.5l-2 5-5 2 2-5z',
  code: 'M8 7l-5 5 5 5M16 7l5 5-5 5',
  help: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.7M12 16.5v.5',
} as const;

export type IconName = keyof typeof PATHS;

/** A line icon. Decorative: the text next to it, or the label of its button, gives its meaning. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }): ReactNode {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.8}
      strokeLinecap="round"
      strokeLinejoin="round"
      className="shrink-0"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The Weir logo: a stream stepping down over a dam. */
export function Logo({ size = 22 }: { size?: number }): ReactNode {
  return (
    <svg aria-hidden="true" width={size} height={size} viewBox="0 0 32 32" className="shrink-0">
      <rect width="32" height="32" rx="7" fill="var(--accent)" />
      <path d="M11 27l1.5-9.5h3L18 27z" fill="var(--accent-ink)" opacity="0.55" />
      <path
        d="M4 10h9c5 0 4 11 9 11h6"
        fill="none"
        stroke="var(--accent-ink)"
        strokeWidth="3"
        strokeLinecap="round"
      />
    </svg>
  );
}
