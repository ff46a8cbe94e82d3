import { useMemo, type ReactNode } from 'react';
import type { ServiceLevel, ServiceSeries } from '@/api/workflow';
import { Card } from '@/components/Card';
import { Chart } from '@/components/chart';
import type { ChartData, Marker } from '@/components/chart/model';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { ChartSkeleton, EmptyNote } from '@/components/states';
import type { Asked } from '@/lib/answer';
import { bucketWord } from '@/lib/granularity';
import { workflow as words } from '@/words';
import { useTableSwitch } from '../../tableSwitch';
import { useMarkers } from '../../markers';
import { useWorkflow } from '../context';
import { budgetSpent, failureRate, viewOf } from './series';
import { mayFailWords } from './summary';

const SAID = words.service;
const HEIGHT = 220;

/** How many runs failed compared with how many may, and how the error budget was spent. */
export function BudgetCharts(props: {
  report: ServiceLevel | undefined;
  query: QueryState<ServiceSeries & Asked>;
}): ReactNode {
  const { report, query } = props;
  const { data } = query;
  const markers = useWindowMarkers(data);
  const mayFail = report?.burnRates.mayFailPct;
  const rate = useMemo(
    () => (data && mayFail !== undefined ? failureRate(data, mayFail) : undefined),
    [data, mayFail],
  );
  const spent = useMemo(
    () => (data && report ? budgetSpent(data, report.current) : undefined),
    [data, report],
  );
  return (
    <>
      <LevelChart
        id="budget-spent"
        title={SAID.spent}
        note={SAID.spentNote}
        query={query}
        data={spent}
        markers={markers}
      />
      <LevelChart
        id="failure-rate"
        title={SAID.failureRate}
        note={[rate && SAID.per(bucketWord(rate.granularity)), report && mayFailWords(report)]
          .filter(Boolean)
          .join(', ')}
        query={query}
        data={rate}
        markers={markers}
      />
    </>
  );
}

/** The releases within the window of the service level, which is not the range of the page. */
function useWindowMarkers(data: ServiceSeries | undefined): Marker[] {
  const { id, view } = useWorkflow();
  const own = useMemo(() => data && viewOf(view, data), [data, view]);
  const workflows = useMemo(() => (own ? [id] : []), [own, id]);
  return useMarkers(workflows, own);
}

function LevelChart(props: {
  id: string;
  title: string;
  note: string;
  query: QueryState<ServiceSeries & Asked>;
  data: ChartData | undefined;
  markers: Marker[];
}): ReactNode {
  const { data, markers } = props;
  const [asTable, tableSwitch] = useTableSwitch(props.id);
  const empty = data?.series[0]?.values.every((value) => value === null);
  return (
    <Card
      title={props.title}
      note={props.note}
      testId={props.id}
      className="col-span-full xl:col-span-6"
      actions={tableSwitch}
    >
      <QueryContent
        what={props.title}
        query={props.query}
        skeleton={<ChartSkeleton height={HEIGHT} />}
      >
        {() =>
          !data || empty ? (
            <EmptyNote>{SAID.noRuns}</EmptyNote>
          ) : (
            <Chart
              label={props.title}
              data={data}
              height={HEIGHT}
              markers={markers}
              asTable={asTable}
            />
          )
        }
      </QueryContent>
    </Card>
  );
}
