import type { ReactNode } from 'react';
import type { MetricInfo } from '@/api/types';
import { Button } from '@/components/Button';
import { Icon } from '@/components/Icon';
import { Picker } from '@/components/Picker';
import { explore as words } from '@/words';
import type { Dimension } from './catalogue';
import { Part } from './Part';
import { MOST_DRAWN, overTime, USUAL_LIMIT } from './query';
import { orderOf, useExploreSearch } from './search';

const LIMITS = {
  time: [3, 5, MOST_DRAWN, 20, USUAL_LIMIT.time],
  range: [5, 10, USUAL_LIMIT.range, 50, 100, 1000],
};

/** Which groups are listed: by what they are sorted, how many, and whether the rest is summed. */
export function Limits(props: {
  metrics: MetricInfo[];
  groups: Dimension[];
  problem: string | undefined;
}): ReactNode {
  const { metrics, groups } = props;
  const [search, set] = useExploreSearch();
  const time = overTime(search) ? 'time' : 'range';
  const first = metrics[0]?.name ?? '';
  const order = orderOf(search.sort) ?? { by: first, direction: 'desc' };
  const sort = (by: string, direction: string): void =>
    set({ sort: by === first && direction === 'desc' ? undefined : `${by}.${direction}` });
  const options = [...metrics, ...groups].map(({ name, label }) => ({ value: name, label }));
  const limit = search.limit ?? USUAL_LIMIT[time];
  const limits = [...new Set([...LIMITS[time], limit])].sort((a, b) => a - b);
  const rising = order.direction === 'asc';
  const direction = rising ? words.ascending : words.descending;
  return (
    <>
      <Part title={words.sort} problem={undefined}>
        <div className="flex flex-wrap items-center gap-1">
          <Picker
            label={words.sort}
            icon={rising ? 'up' : 'down'}
            text={options.find(({ value }) => value === order.by)?.label ?? order.by}
            selected={order.by}
            options={options}
            onPick={(by) =>
              // Names start with A, figures with the largest.
              sort(by, groups.some(({ name }) => name === by) ? 'asc' : 'desc')
            }
            testId="explore-sort"
          />
          <Button
            kind="quiet"
            aria-label={`${words.direction}: ${direction}`}
            title={direction}
            onClick={() => sort(order.by, rising ? 'desc' : 'asc')}
          >
            <Icon name="swap" size={14} />
          </Button>
        </div>
      </Part>
      <Part title={words.limit} problem={props.problem}>
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <Picker
            label={words.limit}
            icon="list"
            text={words.limits(limit)}
            selected={String(limit)}
            options={limits.map((count) => ({ value: String(count), label: words.limits(count) }))}
            onPick={(count) =>
              set({ limit: Number(count) === USUAL_LIMIT[time] ? undefined : Number(count) })
            }
            testId="explore-limit"
          />
          <label className="flex min-h-8 items-center gap-1.5 text-xs pointer-coarse:min-h-10">
            <input
              type="checkbox"
              checked={search.other !== 'off'}
              onChange={(event) => set({ other: event.target.checked ? undefined : 'off' })}
            />
            {words.other}
          </label>
        </div>
      </Part>
    </>
  );
}
