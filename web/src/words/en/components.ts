import { exact } from '@/lib/format';

/** The words of the shared components. */
export const components = {
  options: {
    search: 'Search',
    none: 'No matches.',
    cut: (shown: number, all: number) =>
      `The first ${exact(shown)} of ${exact(all)}. Type to find the others.`,
  },
};
