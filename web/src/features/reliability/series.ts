import type { DocumentReport, QueueReport } from '@/api/reliability';
import type { Granularity } from '@/api/types';
import type { ChartData, Series } from '@/components/chart/model';
import type { Asked } from '@/lib/answer';
import { bucketEnd } from '@/lib/granularity';
import { reliability as words } from '@/words';

type Report = Asked & {
  window: { from: string; to: string; bucket: Granularity };
  timeseries: { timestamp: string }[];
};

/** The buckets of a report, and which of its points have begun: about the others, nothing is known. */
function bucketsOf<Point extends { timestamp: string }>(
  report: Asked & { window: Report['window']; timeseries: Point[] },
): { points: (Point | null)[]; buckets: Omit<ChartData, 'series' | 'unit'> } {
  const { window, timeseries, frame, at } = report;
  const starts = timeseries.map(({ timestamp }) => Date.parse(timestamp));
  const range = { from: Date.parse(window.from), to: Date.parse(window.to) };
  const last = starts.at(-1);
  return {
    points: timeseries.map((point, index) => ((starts[index] ?? Infinity) <= at ? point : null)),
    buckets: {
      starts,
      end: last === undefined ? range.to : bucketEnd(last, window.bucket, frame.zone),
      granularity: window.bucket,
      zone: frame.zone,
      completeUntil: Math.min(at, range.to),
      range,
    },
  };
}

/** Documents that were created, and those that could not be, in each bucket. */
export function documentSeries(report: DocumentReport & Asked): ChartData {
  const { points, buckets } = bucketsOf(report);
  const bar = (id: 'success' | 'failed', label: string, token: string): Series => ({
    id,
    label,
    token,
    kind: 'bar',
    values: points.map((point) => point && point[id]),
  });
  return {
    ...buckets,
    unit: 'count',
    series: [
      bar('success', words.documents.success, '--completed'),
      bar('failed', words.documents.failed, '--failed'),
    ],
  };
}

/** How many items were added to queues and removed, and how many were in them at the end of each bucket. */
export function queueSeries(report: QueueReport & Asked): ChartData {
  const { points, buckets } = bucketsOf(report);
  const line = (id: 'enqueued' | 'dequeued' | 'depth', label: string, token: string): Series => ({
    id,
    label,
    token,
    kind: 'line',
    values: points.map((point) => point && point[id]),
  });
  return {
    ...buckets,
    unit: 'count',
    rightUnit: 'count',
    series: [
      line('enqueued', words.queues.added, '--series-1'),
      line('dequeued', words.queues.removed, '--series-2'),
      {
        ...line('depth', words.queues.depth, '--series-5'),
        axis: 'right',
        hint: words.queues.atEnd,
      },
    ],
  };
}

/** How long items waited, in each bucket in which any were removed. */
export function waitSeries(report: QueueReport & Asked): ChartData {
  const { points, buckets } = bucketsOf(report);
  const line = (id: 'waitP50Ms' | 'waitP95Ms' | 'waitP99Ms', token: string): Series => ({
    id,
    label: words.queues.waits[id],
    token,
    kind: 'line',
    values: points.map((point) => point?.[id] ?? null),
  });
  return {
    ...buckets,
    unit: 'milliseconds',
    series: [
      line('waitP50Ms', '--series-2'),
      line('waitP95Ms', '--series-1'),
      line('waitP99Ms', '--series-5'),
    ],
  };
}
