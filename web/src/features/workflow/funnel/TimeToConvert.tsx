import type { ReactNode } from 'react';
import type { Funnel } from '@/api/workflow';
import { Card } from '@/components/Card';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import { duration, durationTrimmed, exact, NO_VALUE, percent } from '@/lib/format';
import { workflow as words } from '@/words';

const SAID = words.funnel;

type Bin = Funnel['time_to_convert']['distribution'][number];

/** The bins with values and those between them. */
export function occupied(bins: Bin[]): Bin[] {
  const first = bins.findIndex((bin) => bin.count > 0);
  const last = bins.findLastIndex((bin) => bin.count > 0);
  return first < 0 ? [] : bins.slice(first, last + 1);
}

/** How long those who converted took, as a histogram. */
export function TimeToConvert({ query }: { query: QueryState<Funnel> }): ReactNode {
  return (
    <Card
      title={SAID.timeToConvert}
      note={SAID.timeNote}
      testId="time-to-convert"
      className="col-span-full xl:col-span-5"
    >
      <QueryContent what={SAID.timeToConvert} query={query} skeleton={<TableSkeleton rows={7} />}>
        {({ time_to_convert: time }) =>
          time.count === 0 ? (
            <EmptyNote>{SAID.nobodyConverted}</EmptyNote>
          ) : (
            <div className="flex flex-1 flex-col gap-3 px-4 pb-4">
              <p className="text-ink-2">
                {SAID.quantiles(
                  ...([time.p50_ms, time.p90_ms, time.p95_ms].map((value) =>
                    typeof value === 'number' ? duration(value) : NO_VALUE,
                  ) as [string, string, string]),
                )}
              </p>
              <Histogram bins={occupied(time.distribution)} count={time.count} />
            </div>
          )
        }
      </QueryContent>
    </Card>
  );
}

function Histogram({ bins, count }: { bins: Bin[]; count: number }): ReactNode {
  const most = Math.max(...bins.map((bin) => bin.count), 1);
  return (
    <table aria-label={SAID.timeToConvert} className="w-full">
      <tbody>
        {bins.map((bin) => (
          <tr key={bin.from_ms} className="h-7">
            <th
              scope="row"
              className="w-32 text-left text-xs font-normal whitespace-nowrap text-ink-2"
            >
              {typeof bin.to_ms === 'number'
                ? SAID.from(durationTrimmed(bin.from_ms), durationTrimmed(bin.to_ms))
                : SAID.over(durationTrimmed(bin.from_ms))}
            </th>
            <td>
              <span
                aria-hidden="true"
                className="block h-4 rounded-sm bg-(--series-2)"
                style={{
                  width: `${(100 * bin.count) / most}%`,
                  minWidth: bin.count > 0 ? 2 : 0,
                }}
              />
            </td>
            <td className="w-24 text-right text-xs whitespace-nowrap">
              {exact(bin.count)}{' '}
              <span className="text-ink-3">{percent((100 * bin.count) / count)}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
