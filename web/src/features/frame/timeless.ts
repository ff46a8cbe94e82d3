import { useMatches } from '@tanstack/react-router';

/** Whether the page on screen shows no range, so that its bar offers none. */
export function useTimeless(): boolean {
  return useMatches({
    select: (matches) => matches.some(({ staticData }) => staticData.timeless === true),
  });
}
