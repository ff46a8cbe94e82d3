import { useMemo, type ReactNode } from 'react';
import type { ServiceLevel, ServiceSeries } from '@/api/workflow';
import { Card } from '@/components/Card';
import { Chart } from '@/components/chart';
import type { ChartData } from '@/components/chart/model';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { ChartSkeleton, EmptyNote } from '@/components/states';
import type { Asked } from '@/lib/answer';
import { percent } from '@/lib/format';
import { bucketWord } from '@/lib/granularity';
import { workflow as words } from '@/words';
import { useTableSwitch } from '../../tableSwitch';
import { budgetSpent, failureRate } from './series';

const SAID = words.service;
const HEIGHT = 220;

/** How many runs failed compared with how many may, and how the error budget was spent. */
export function BudgetCharts(props: {
  report: ServiceLevel | undefined;
  query: QueryState<ServiceSeries & Asked>;
}): ReactNode {
  const { report, query } = props;
  const { data } = query;
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
      />
      <LevelChart
        id="failure-rate"
        title={SAID.failureRate}
        note={[
          rate && SAID.per(bucketWord(rate.granularity)),
          mayFail !== undefined && SAID.mayFail(percent(mayFail)),
        ]
          .filter(Boolean)
          .join(', ')}
        query={query}
        data={rate}
      />
    </>
  );
}

function LevelChart(props: {
  id: string;
  title: string;
  note: string;
  query: QueryState<ServiceSeries & Asked>;
  data: ChartData | undefined;
}): ReactNode {
  const { data } = props;
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
            <Chart label={props.title} data={data} height={HEIGHT} asTable={asTable} />
          )
        }
      </QueryContent>
    </Card>
  );
}
