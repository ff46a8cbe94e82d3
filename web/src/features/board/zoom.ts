import { useLocation, useRouter } from '@tanstack/react-router';
import { useCallback, type MouseEvent } from 'react';
import { rangeToParams, type Range } from '@/lib/range';
import { stringifySearch } from '@/lib/search';
import { followLink } from '../followLink';
import { usePageSearch, useSetRange } from '../view';

/** Dragging over a chart sets the range; going back undoes it. */
export function useZoom() {
  const router = useRouter();
  const zoomed = useLocation({ select: (location) => location.state.zoomed === true });
  const setRange = useSetRange();
  const zoomIn = useCallback(
    (from: number, to: number) => setRange({ kind: 'absolute', from, to }, { zoomed: true }),
    [setRange],
  );
  const zoomOut = useCallback(() => {
    if (zoomed) router.history.back();
  }, [router, zoomed]);
  return { zoomIn, zoomOut };
}

/** The attributes of a link that sets this page's range; going back undoes it. Many of them cost little. */
export function useRangeLink() {
  const path = useLocation({ select: (location) => location.pathname });
  const search = usePageSearch();
  const setRange = useSetRange();
  return useCallback(
    (range: Range) => ({
      href: path + stringifySearch({ ...search, ...rangeToParams(range) }),
      onClick: (event: MouseEvent): void =>
        followLink(event, () => setRange(range, { zoomed: true })),
    }),
    [path, search, setRange],
  );
}
