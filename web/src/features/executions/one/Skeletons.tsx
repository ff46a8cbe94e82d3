import type { ReactNode } from 'react';
import { Card } from '@/components/Card';
import { Skeleton } from '@/components/states';
import { executions as words } from '@/words';

/** A page of one execution that is on its way, in the shape of the page. */
export function ExecutionSkeleton(): ReactNode {
  return (
    <div role="status" aria-label={words.one.loading} className="flex flex-col gap-3">
      <div className="flex min-h-[4.25rem] flex-col justify-end gap-2.5 pb-1">
        <Skeleton className="h-4 w-64 max-w-full" />
        <Skeleton className="h-3 w-80 max-w-full" />
      </div>
      <div className="grid gap-px overflow-hidden rounded-lg border bg-line lg:grid-cols-[minmax(18rem,2fr)_3fr]">
        <div className="bg-surface px-4 py-3">
          <Skeleton className="my-1 h-5 w-24" />
          <BandSkeleton />
        </div>
        <div className="grid grid-cols-2 gap-x-4 gap-y-2 bg-surface px-4 py-3 sm:grid-cols-3 xl:grid-cols-4">
          {Array.from({ length: 8 }, (_, index) => (
            <div key={index} className="flex h-9 flex-col justify-around">
              <Skeleton className="h-2.5 w-14" />
              <Skeleton className="h-3 w-24 max-w-full" />
            </div>
          ))}
        </div>
      </div>
      <Card title={words.waterfall.title}>
        <div className="px-4 pb-3">
          {Array.from({ length: 12 }, (_, index) => (
            <div key={index} className="flex h-6 items-center gap-4">
              <Skeleton className="h-3 w-40 max-sm:w-24" />
              <div className="flex-1">
                <div
                  className="shimmer h-3 rounded"
                  style={{ width: '18%', marginLeft: `${index * 6}%` }}
                />
              </div>
            </div>
          ))}
        </div>
      </Card>
    </div>
  );
}

/** The usual range of a duration, before it is known. */
export function BandSkeleton(): ReactNode {
  return (
    <div className="min-h-12">
      <Skeleton className="my-1.5 h-2 rounded-full!" />
      <Skeleton className="my-1 h-3 w-64 max-w-full" />
    </div>
  );
}

/** The findings about an execution, before they are known. */
export function UnusualSkeleton(): ReactNode {
  return (
    <Card title={words.one.unusual.title} note={<Skeleton className="inline-block h-3 w-40" />}>
      <div
        role="status"
        aria-label={words.one.loading}
        className="flex min-h-14 flex-col gap-1 px-4 pb-3"
      >
        {['w-4/5', 'w-3/5'].map((width) => (
          <div key={width} className="flex h-5 items-center gap-2">
            <Skeleton className="size-3.5" />
            <Skeleton className={`h-3 ${width}`} />
          </div>
        ))}
      </div>
    </Card>
  );
}
