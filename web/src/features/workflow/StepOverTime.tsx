import { useMemo, type ReactNode } from 'react';
import type { Filter } from '@/api/types';
import { Card } from '@/components/Card';
import { Chart } from '@/components/chart';
import type { Series } from '@/components/chart/model';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { ChartSkeleton, EmptyNote } from '@/components/states';
import type { Answer } from '@/lib/answer';
import { isolated } from '@/lib/format';
import { workflow as words } from '@/words';
import { chartData, lineOf } from '../board/series';
import { perBucket } from '../board/TimeCharts';
import { useZoom } from '../board/zoom';
import { useMarkers } from '../markers';
import { useTableSwitch } from '../tableSwitch';
import { useCardQuery, type CardQuery } from '../useCardQuery';
import type { View } from '../view';

const HEIGHT = 220;
const SAID = words.steps;

/** How long steps took and how they ended, over time. */
function stepQuery(view: View, filter: Filter): CardQuery {
  return {
    metrics: [
      'steps_completed',
      'steps_failed',
      'steps_skipped',
      'step_duration_p50',
      'step_duration_p95',
    ],
    filters: [filter],
    granularity: view.granularity,
  };
}

const durations = (answer: Answer): Series[] => [
  { ...lineOf(answer, 'step_duration_p95', 'p95', '--series-1'), area: true },
  lineOf(answer, 'step_duration_p50', 'p50', '--series-2'),
];

const outcomes = (answer: Answer): Series[] =>
  (
    [
      ['steps_completed', SAID.completed, '--completed'],
      ['steps_failed', SAID.failed, '--failed'],
      ['steps_skipped', SAID.skipped, '--canceled'],
    ] as const
  ).map(([metric, label, token]) => ({ ...lineOf(answer, metric, label, token), kind: 'bar' }));

/** The two charts of a step. */
export function StepOverTime(props: { view: View; step: string; name: string }): ReactNode {
  const name = isolated(props.name);
  return (
    <RunsOverTime
      view={props.view}
      // A step without an id is null in filters.
      filter={{ dimension: 'step', op: 'in', values: [props.step || null] }}
      durations={SAID.durationOf(name)}
      runs={SAID.runsOf(name)}
    />
  );
}

/** How long the runs of some steps took and how they ended, over time. */
export function RunsOverTime(props: {
  view: View;
  /** Which steps. */
  filter: Filter;
  /** The titles of the two charts. */
  durations: string;
  runs: string;
}): ReactNode {
  const query = useCardQuery(props.view, stepQuery(props.view, props.filter), true, 'later');
  return (
    <>
      <StepChart
        title={props.durations}
        note="p50, p95"
        id="step-duration"
        unit="milliseconds"
        query={query}
        series={durations}
        className="xl:col-span-7"
      />
      <StepChart
        title={props.runs}
        note={SAID.byOutcome}
        id="step-runs"
        unit="count"
        query={query}
        series={outcomes}
        className="xl:col-span-5"
      />
    </>
  );
}

function StepChart(props: {
  title: string;
  note: string;
  id: string;
  unit: 'milliseconds' | 'count';
  query: QueryState<Answer>;
  series: (answer: Answer) => Series[];
  className: string;
}): ReactNode {
  const { title, unit, query, series } = props;
  const [asTable, tableSwitch] = useTableSwitch(props.id);
  const zoom = useZoom();
  const markers = useMarkers(query.data?.frame.workflows);
  const data = useMemo(
    () => query.data && chartData(query.data, unit, series(query.data)),
    [query.data, unit, series],
  );
  const empty = data?.series.every((line) => line.values.every((value) => !value));
  return (
    <Card
      title={title}
      note={[perBucket(query.data), props.note].filter(Boolean).join(', ')}
      testId={props.id}
      className={`col-span-full ${props.className}`}
      actions={tableSwitch}
    >
      <QueryContent what={title} query={query} skeleton={<ChartSkeleton height={HEIGHT} />}>
        {() =>
          !data || empty ? (
            <EmptyNote>{SAID.notRun}</EmptyNote>
          ) : (
            <Chart
              label={title}
              data={data}
              height={HEIGHT}
              markers={markers}
              asTable={asTable}
              onZoom={zoom.zoomIn}
              onZoomBack={zoom.zoomOut}
            />
          )
        }
      </QueryContent>
    </Card>
  );
}
