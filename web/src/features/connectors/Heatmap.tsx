import { useMemo, type ReactNode } from 'react';
import type { Change } from '@/api/changes';
import { Button } from '@/components/Button';
import { Card } from '@/components/Card';
import { ExportMenu } from '@/components/chart/ExportMenu';
import type { Marker } from '@/components/chart/model';
import { Picker } from '@/components/Picker';
import { QueryContent } from '@/components/QueryContent';
import { ChartSkeleton, EmptyNote } from '@/components/states';
import type { Answer } from '@/lib/answer';
import { connectors } from '@/words';
import { useTableSwitch } from '../tableSwitch';
import { useCardQuery } from '../useCardQuery';
import type { View } from '../view';
import { useSetTab } from '../read';
import { BlockTable } from './BlockTable';
import { heatRows, type HeatRow, type Measure } from './heat';
import { heatData } from './heatExport';
import { HeatGrid } from './HeatGrid';
import { FEW_ROWS, heatQuery, MOST_ROWS } from './queries';
import { useColumns } from './useColumns';
import { useHeatSearch, type ConnectorsSearch } from './search';

const words = connectors.heat;
const ROW = 24;

interface Props {
  view: View;
  /** What changed in the range, once it is known. */
  changes: Change[] | undefined;
  /** How many connectors there are, once that is known. */
  count?: number;
  /** Only this one. */
  connector?: string;
}

/** Failures, or slowness, by connector and hour. */
export function Heatmap({ view, changes, count, connector }: Props): ReactNode {
  const { measure, all } = useHeatSearch();
  const [asTable, tableSwitch] = useTableSwitch('heat');
  const one = connector !== undefined;
  const limit = one ? 1 : all ? MOST_ROWS : FEW_ROWS;
  const query = useCardQuery(view, heatQuery(view, measure, { limit, connector }), true, 'later');
  const columns = query.data?.query.granularity;
  const rows = useMemo(
    () => (query.data ? heatRows(query.data, measure) : []),
    [query.data, measure],
  );
  const height = ROW * (one ? 1 : Math.min(count ?? limit, limit)) + 60;
  return (
    <Card
      title={words.title[measure]}
      note={columns && words.note[columns as keyof typeof words.note]}
      testId="heatmap"
      actions={
        <>
          <MeasurePicker measure={measure} />
          {tableSwitch}
          {query.data && <HeatExport answer={query.data} rows={rows} measure={measure} />}
        </>
      }
    >
      <QueryContent
        what={words.title[measure]}
        query={query}
        skeleton={<ChartSkeleton height={height} />}
      >
        {(answer) => (
          <Drawn
            // Another answer may have other rows and columns.
            key={`${answer.question} ${measure}`}
            answer={answer}
            rows={rows}
            measure={measure}
            changes={changes}
            named={!one}
            asTable={asTable}
          />
        )}
      </QueryContent>
      {!one && <More count={count} all={all} measure={measure} />}
    </Card>
  );
}

function Drawn(props: {
  answer: Answer;
  rows: HeatRow[];
  measure: Measure;
  changes: Change[] | undefined;
  named: boolean;
  asTable: boolean;
}): ReactNode {
  const { answer, rows, measure } = props;
  if (rows.length === 0) return <EmptyNote>{words.nothing[measure]}</EmptyNote>;
  if (props.asTable) return <BlockTable answer={answer} rows={rows} measure={measure} />;
  return (
    <HeatGrid
      answer={answer}
      rows={rows}
      measure={measure}
      changes={props.changes}
      named={props.named}
    />
  );
}

const NO_MARKERS: Marker[] = [];

/** The figures of the heatmap as a file, and the heatmap as a picture. */
function HeatExport(props: { answer: Answer; rows: HeatRow[]; measure: Measure }): ReactNode {
  const { answer, rows, measure } = props;
  const columns = useColumns(answer, measure);
  if (rows.length === 0) return null;
  const title = words.title[measure];
  return (
    <ExportMenu
      title={title}
      data={() => heatData(rows, columns, answer.at)}
      markers={NO_MARKERS}
      log={false}
      draw={async () => (await import('./heatPicture')).heatPng({ title, rows, columns })}
    />
  );
}

function MeasurePicker({ measure }: { measure: Measure }): ReactNode {
  const set = useSetTab<ConnectorsSearch>();
  const options = (['failures', 'slowness'] as const).map((value) => ({
    value,
    label: words.measures[value],
  }));
  return (
    <Picker
      label={words.measure}
      icon="layers"
      text={words.measures[measure]}
      selected={measure}
      options={options}
      onPick={(value) => set({ measure: value === 'slowness' ? value : undefined })}
      testId="heat-measure"
    />
  );
}

/** How many of the connectors have a row, and how to see the others. */
function More(props: { count: number | undefined; all: boolean; measure: Measure }): ReactNode {
  const { count, all, measure } = props;
  const set = useSetTab<ConnectorsSearch>();
  // Its room, so that nothing moves once it is known.
  if (count === undefined) return <div className="h-10.5" />;
  if (count <= FEW_ROWS) return null;
  const shown = Math.min(count, all ? MOST_ROWS : FEW_ROWS);
  const said = measure === 'failures' ? words.shown : words.shownByTime;
  return (
    <p className="flex flex-wrap items-center gap-3 border-t px-4 py-2 text-xs text-ink-3">
      {said(shown, count)}
      <Button small onClick={() => set({ rows: all ? undefined : 'all' })}>
        {all ? words.showFew : words.showAll(Math.min(count, MOST_ROWS))}
      </Button>
    </p>
  );
}
