import { useLocation, useRouter } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useSetRange } from '../view';

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
