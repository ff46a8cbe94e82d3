import type { IconName } from '@/components/Icon';
import { frame } from '@/words';

const words = frame.rail;

/** The address of a page that the rail leads to. */
export type PlacePath =
  | '/'
  | '/workflows'
  | '/executions'
  | '/errors'
  | '/connectors'
  | '/costs'
  | '/activity'
  | '/reliability'
  | '/explore'
  | '/annotations';

/** A page that the rail leads to. */
export interface Place {
  to: PlacePath;
  label: string;
  icon: IconName;
}

/** The places that the bar of a phone has room for. */
export const MAIN: Place[] = [
  { to: '/', label: words.overview, icon: 'overview' },
  { to: '/workflows', label: words.workflows, icon: 'workflows' },
  { to: '/executions', label: words.executions, icon: 'list' },
  { to: '/errors', label: words.errors, icon: 'warning' },
];
/** The places that a phone has in its menu. */
export const MORE: Place[] = [
  { to: '/connectors', label: words.connectors, icon: 'plug' },
  { to: '/costs', label: words.costs, icon: 'coins' },
  { to: '/activity', label: words.activity, icon: 'people' },
  { to: '/reliability', label: words.reliability, icon: 'shield' },
  { to: '/explore', label: words.explore, icon: 'explore' },
  { to: '/annotations', label: words.annotations, icon: 'flag' },
];
