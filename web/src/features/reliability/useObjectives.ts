import { WORKFLOW_ANALYTICS, type Standings } from '@/api/reliability';
import type { QueryState } from '@/components/QueryContent';
import type { Asked } from '@/lib/answer';
import type { View } from '../view';
import { useRead } from '../read';
import type { Window } from '../workflow/search';

/** The most service levels that the table shows. */
const MOST = 500;

/** Every service level of a project, in a window or each in that of its target. */
export const useObjectives = (
  view: View,
  window: Window | undefined,
): QueryState<Standings & Asked> =>
  useRead<Standings>(
    view,
    `${WORKFLOW_ANALYTICS}/sli-targets`,
    { window, limit: String(MOST) },
    { ranged: false },
  );
