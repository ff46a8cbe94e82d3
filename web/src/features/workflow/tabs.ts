import { workflow as words } from '@/words';

/** A tab of the page of a workflow. */
export interface Tab {
  id: keyof typeof words.tabs;
  label: string;
  /** Its place below the address of the workflow; empty for the first one. */
  path: string;
}

const tab = (id: Tab['id'], path: string = id): Tab => ({ id, label: words.tabs[id], path });

/** Every tab below `/workflows/$id`, in the order of the navigation. */
export const TABS: Tab[] = [
  tab('overview', ''),
  tab('steps'),
  tab('map'),
  tab('grid'),
  tab('versions'),
  tab('funnel'),
  tab('errors'),
  tab('serviceLevel', 'service-level'),
  tab('cost'),
];
