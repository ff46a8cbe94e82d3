import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Timeline } from '@/components/chart/timeline';
import type { PageSearch } from '@/lib/search';
import { usePermission } from '../session';
import type { View } from '../view';

/** Opens the dialogs about annotations by the URL, so that Back closes them and a link opens them. */
export function useTimeline(view: View): Timeline & { close: () => void } {
  const navigate = useNavigate();
  const mayAdd = usePermission(view.project, 'annotate');
  return useMemo(() => {
    const set = (patch: Partial<PageSearch>, replace = false): void =>
      void navigate({
        to: '.',
        search: (previous: PageSearch) => ({
          ...previous,
          annotation: undefined,
          annotate: undefined,
          ...patch,
        }),
        replace,
        resetScroll: false,
      });
    return {
      show: (annotation) => set({ annotation }),
      add: mayAdd ? (at) => set({ annotate: new Date(at).toISOString() }) : null,
      close: () => set({}, true),
    };
  }, [navigate, mayAdd]);
}
