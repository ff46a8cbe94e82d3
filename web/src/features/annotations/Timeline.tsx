import { Suspense, type ReactNode } from 'react';
import { TimelineContext } from '@/components/chart/timeline';
import { lazyPage } from '@/lib/lazyPage';
import { usePageSearch, useView } from '../view';
import { useTimeline } from './useTimeline';

const AnnotationDialogs = lazyPage(() => import('./pages'), 'AnnotationDialogs');

/** Lets the charts of a page open annotations and add some, and shows what the URL has opened. */
export function Timeline({ children }: { children: ReactNode }): ReactNode {
  const timeline = useTimeline(useView());
  const { annotation, annotate } = usePageSearch();
  return (
    <TimelineContext value={timeline}>
      {children}
      {(annotation ?? annotate) !== undefined && (
        <Suspense>
          <AnnotationDialogs />
        </Suspense>
      )}
    </TimelineContext>
  );
}
