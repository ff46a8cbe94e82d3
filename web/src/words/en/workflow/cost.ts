import { counted, exact, percent } from '@/lib/format';
import { noun } from '../nouns';

/** The texts about the cost of a workflow. */
export const cost = {
  title: 'Cost',
  total: 'Spent',
  perExecution: 'Per execution',
  perSuccess: 'Per completed execution',
  perSuccessNote: 'all costs / completed executions',
  wasted: 'Wasted',
  wastedShare: (share: number) => `${percent(share)} of what was spent`,
  ahead: 'Next 30 days',
  between: (low: string, high: string) => `80 %: ${low} to ${high}`,
  unpriced: (count: number) =>
    `${counted(count, noun('cost'))} came without an amount and match no price. They count as $0 until the settings have a price for them.`,
  overTime: 'Cost over time',
  nothing: 'Nothing was spent in this range.',
  splitBy: 'Split by',
  splits: {
    model: 'Model',
    action_type: 'Type',
    provider: 'Provider',
    version: 'Version',
    user: 'User',
  },
  by: {
    model: 'By model',
    action_type: 'By type',
    provider: 'By provider',
    version: 'By version',
    user: 'By user',
  },
  none: {
    model: 'No model',
    action_type: 'No type',
    provider: 'No provider',
    version: 'No version',
    user: 'No user',
  },
  others: (groups: number) => `${exact(groups)} others`,
  first: (shown: number, all: number) => `the first ${exact(shown)} of ${exact(all)}`,
  spent: 'Spent',
  share: 'Share',
  change: 'Change',
  calls: 'Calls',
  tokens: 'Tokens',
  waste: 'What the money paid for',
  wasteNote: 'by the outcome of the execution',
  outcomes: {
    failed: 'Failed',
    retried: 'Retried',
    canceled: 'Canceled',
    open: 'Not over yet',
    unattributed: 'No execution named',
    successful: 'Completed',
  },
};
