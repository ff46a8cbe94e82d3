import type { ReactNode } from 'react';
import type { MetricInfo } from '@/api/types';
import { Button } from '@/components/Button';
import { explore as words } from '@/words';
import { kindOf } from './panels';
import { Part } from './Part';
import { overTime } from './query';
import { useExploreSearch, type Kind } from './search';

const OVER_TIME: Kind[] = ['line', 'area', 'bars', 'table'];
const WHOLE_RANGE: Kind[] = ['bars', 'table'];

/** Whether the figures are drawn over time, and how. */
export function Drawn(props: { metrics: MetricInfo[]; problem: string | undefined }): ReactNode {
  const { metrics } = props;
  const [search, set] = useExploreSearch();
  const time = overTime(search);
  const kinds = time ? OVER_TIME : WHOLE_RANGE;
  const grouped = (search.group ?? []).length > 0;
  // Each metric that is split into groups has a chart of its own.
  const together = grouped ? metrics.slice(0, 1) : metrics;
  const usual = time ? kindOf(together, search.chart) : 'bars';
  const drawn = search.chart === 'table' ? 'table' : usual;
  return (
    <>
      <Part title={words.over} problem={props.problem}>
        <div className="flex flex-wrap gap-1" data-testid="explore-over">
          {(['time', 'range'] as const).map((over) => (
            <Button
              key={over}
              small
              kind="quiet"
              aria-pressed={time === (over === 'time')}
              onClick={() => set({ over: over === 'range' ? 'range' : undefined })}
            >
              {words.overs[over]}
            </Button>
          ))}
        </div>
      </Part>
      {(time || grouped) && (
        <Part title={words.chart} problem={undefined}>
          <div className="flex flex-wrap gap-1" data-testid="explore-kinds">
            {kinds.map((kind) => (
              <Button
                key={kind}
                small
                kind="quiet"
                aria-pressed={kind === drawn}
                onClick={() => set({ chart: kind })}
              >
                {words.kinds[kind]}
              </Button>
            ))}
          </div>
        </Part>
      )}
    </>
  );
}
