import { exact } from '@/lib/format';

/** The words of the shared components. */
export const components = {
  loading: 'Loading',
  breadcrumb: 'Breadcrumb',
  pseudonym:
    'A pseudonym. It always stands for the same user, but your role cannot see who that is.',
  options: {
    search: 'Search',
    none: 'No matches.',
    cut: (shown: number, all: number) =>
      `The first ${exact(shown)} of ${exact(all)}. Type to find the others.`,
  },
  copy: {
    copy: 'Copy',
    copied: 'Copied',
    what: (label: string) => `Copy ${label.toLowerCase()}`,
  },
  cancel: 'Cancel',
  delta: {
    notComparable: 'not comparable',
    noChange: 'no change',
    noComparison: 'no comparison',
    up: 'up',
    down: 'down',
    better: ', better',
    worse: ', worse',
  },
  fields: {
    email: 'E-mail',
    password: 'Password',
    show: 'Show',
    hide: 'Hide',
    showWhat: (label: string) => `Show ${label.toLowerCase()}`,
    hideWhat: (label: string) => `Hide ${label.toLowerCase()}`,
    code: 'Code from your authenticator app',
    codeHint: 'Six digits, renewed every 30 seconds.',
    recoveryCode: 'Recovery code',
    recoveryHint: 'Each code works once.',
    useCode: 'Use the authenticator app instead',
    useRecoveryCode: 'Use a recovery code instead',
  },
};
