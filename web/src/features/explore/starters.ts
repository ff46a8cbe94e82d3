import { explore as words } from '@/words';
import { allHave, titleOf, type Catalogue } from './catalogue';
import type { ExploreSearch } from './search';

/** A question to start with. */
export interface Starter {
  title: string;
  search: ExploreSearch;
}

/** What people ask first, of different families; `range` for what is not asked over time. */
const QUESTIONS: { metric: string; group?: string; over?: 'range'; sort?: string }[] = [
  { metric: 'executions', group: 'workflow' },
  // The worst first.
  { metric: 'success_rate', group: 'workflow', over: 'range', sort: 'success_rate.asc' },
  { metric: 'steps_failed', group: 'step_type' },
  { metric: 'cost', group: 'model' },
  { metric: 'users' },
];

/** The questions that the catalogue can answer, in its words. */
export function startersOf(catalogue: Catalogue): Starter[] {
  return QUESTIONS.flatMap(({ metric: name, group, over, sort }) => {
    const metric = catalogue.metrics.find((one) => one.name === name);
    const dimension = catalogue.dimensions.find((one) => one.name === group);
    if (!metric || (group && !dimension)) return [];
    if (dimension && !allHave([metric], dimension)) return [];
    const title = titleOf([metric], dimension ? [dimension] : []);
    return [
      {
        title: words.starter(title, over !== 'range'),
        search: { metric: [name], group: group ? [group] : undefined, over, sort },
      },
    ];
  });
}
