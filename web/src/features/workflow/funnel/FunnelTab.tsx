import { useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Enrolment } from '@/api/workflow';
import { Card } from '@/components/Card';
import { Delta } from '@/components/Delta';
import { Picker } from '@/components/Picker';
import { QueryContent } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import { compact, exact, figure, NO_VALUE, percent } from '@/lib/format';
import { workflow as words } from '@/words';
import { useComparability, useCoverage } from '../../coverage';
import { useWorkflow } from '../context';
import { useSetTab } from '../../read';
import { BREAKDOWNS, ORDERS, UNITS, WITHIN, type FunnelSearch } from '../search';
import { Tiles, TilesSkeleton, type Tile } from '../../Tiles';
import { Actions } from './Actions';
import { Breakdown } from './Breakdown';
import { EnrolledOverTime } from './EnrolledOverTime';
import { FunnelPicture } from './FunnelPicture';
import { useFunnel } from './request';
import { TimeToConvert } from './TimeToConvert';

const SAID = words.funnel;

/** How many of those who were enrolled get how far, where they drop out, and how long it takes. */
export function FunnelTab(): ReactNode {
  const { id, view } = useWorkflow();
  const search = useSearch({ from: '/frame/board/workflows/$id/funnel' });
  const { enrolment, funnel, actions } = useFunnel(view, id, search);
  const coverage = useCoverage(view);
  const comparable = useComparability(coverage, enrolment.data?.range);
  return (
    <>
      <QueryContent what={SAID.enrolment} query={enrolment} skeleton={<TilesSkeleton count={5} />}>
        {(data) => <Tiles label={SAID.enrolment} tiles={tilesOf(data, comparable)} />}
      </QueryContent>
      <div className="grid grid-cols-12 gap-3">
        <Card
          title={SAID.title}
          testId="funnel"
          className="col-span-full xl:col-span-7"
          note={funnel.data && SAID.stepsFrom(funnel.data.steps_from)}
          actions={<Choices search={search} />}
        >
          <QueryContent what={SAID.title} query={funnel} skeleton={<TableSkeleton rows={7} />}>
            {(data) =>
              data.entered === 0 ? (
                <EmptyNote>{SAID.nobody}</EmptyNote>
              ) : (
                <FunnelPicture funnel={data} />
              )
            }
          </QueryContent>
        </Card>
        <TimeToConvert query={funnel} />
        <EnrolledOverTime query={funnel} />
        <Breakdown query={funnel} by={search.breakdown} />
        <Actions query={actions} />
      </div>
    </>
  );
}

function tilesOf(
  { summary, previous, goals }: Enrolment,
  comparable: ReturnType<typeof useComparability>,
): Tile[] {
  const count = (
    label: string,
    now: number,
    before: number | undefined,
    goodDirection: 'up' | 'down' | 'neutral',
  ): Tile => ({
    label,
    value: compact(now),
    exact: exact(now),
    note: (
      <Delta
        now={now}
        before={before ?? null}
        metric={{ unit: 'count', goodDirection }}
        comparable={comparable}
      />
    ),
  });
  const { low, high } = summary.conversion_bounds;
  const bounded = typeof low === 'number' && typeof high === 'number';
  return [
    count(SAID.enrolled, summary.enrolled, previous?.enrolled, 'neutral'),
    { ...count(SAID.active, summary.active, undefined, 'neutral'), note: SAID.activeNote },
    count(SAID.completed, summary.completed, previous?.completed, 'up'),
    count(SAID.dropped, summary.dropped, previous?.dropped, 'down'),
    goals.length > 0 || summary.converted > 0
      ? {
          label: SAID.converted,
          value: compact(summary.converted),
          exact: exact(summary.converted),
          note:
            figure(summary.conversion_rate, 'percent') +
            (bounded ? ` (${percent(low)}–${percent(high)})` : ''),
        }
      : { label: SAID.converted, value: NO_VALUE, note: SAID.noGoals },
  ];
}

/** What the funnel counts, in which order, within which time, and what it is broken down by. */
function Choices({ search }: { search: FunnelSearch }): ReactNode {
  const setTab = useSetTab<FunnelSearch>();
  const choice = <Key extends keyof FunnelSearch>(
    key: Key,
    icon: 'people' | 'list' | 'clock' | 'layers',
    values: readonly string[],
    label: string,
    texts: Record<string, string>,
  ): ReactNode => {
    const chosen = search[key] ?? '';
    return (
      <Picker
        label={label}
        icon={icon}
        text={texts[chosen] ?? chosen}
        selected={chosen}
        options={['', ...values].map((value) => ({ value, label: texts[value] ?? value }))}
        onPick={(value) => setTab({ [key]: value || undefined })}
        testId={`funnel-${key}`}
      />
    );
  };
  return (
    <>
      {choice('unit', 'people', UNITS, SAID.unit, SAID.units)}
      {choice('order', 'list', ORDERS, SAID.order, SAID.orders)}
      {choice('within', 'clock', WITHIN, SAID.within, SAID.withins)}
      {choice('breakdown', 'layers', BREAKDOWNS, SAID.breakdown, SAID.breakdowns)}
    </>
  );
}
