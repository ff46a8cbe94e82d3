/** The words about what went wrong. */
export const problems = {
  unexpected: 'Unexpected error',
  requestFailed: 'Request failed',
  notResponding: 'The server is not responding',
  unreachable: 'Cannot reach the Weir server. It may be restarting, or the network may be down.',
  couldNotLoad: (what: string) => `${what} could not be loaded`,
  retry: 'Try again',
  status: (status: number) => `HTTP ${status}`,
  request: (id: string) => `request ${id}`,
  staleSince: (time: string, reason: string) => `As of ${time}. Refreshing failed: ${reason}.`,
  /** What error codes mean in every form. */
  refusals: {
    invalid_code: 'This code is wrong or has expired.',
    too_many_attempts: 'Too many attempts.',
    rate_limited: 'Too many requests.',
    missing_permission: 'Your role does not allow this.',
    unknown_link: 'This link has already been used or has expired. Ask for a new one.',
  },
  retryIn: (wait: string) => `Try again in ${wait}.`,
  retryNow: 'You can try again now.',
  page: {
    what: 'This page',
    failed: 'This page could not be loaded',
    outdated:
      'Weir was updated while this window was open. Reload to continue with the new version; range and filters stay.',
    reload: 'Reload',
    retry: 'Retry',
    notFound: 'Page not found',
    mistyped: 'The link may be mistyped or belong to another version of Weir.',
    toOverview: 'Go to the overview',
  },
};
