import { useContext, useState, type ReactNode } from 'react';
import { present } from '@/lib/clock';
import { download } from '@/lib/download';
import { chart as words } from '@/words';
import { Button } from '../Button';
import { Icon } from '../Icon';
import { Pop } from '../Pop';
import type { Exported } from './export';
import type { ChartData } from './model';
import { TimelineContext } from './timeline';

type Format = 'csv' | 'json' | 'png';

interface Props extends Omit<Exported, 'data'> {
  /** What the chart shows, or how to get it: large ones only if someone asks. */
  data: ChartData | (() => ChartData);
  log: boolean;
  /** Draws the picture, if it is not a time chart. */
  draw?: () => Promise<Blob>;
}

const dataOf = ({ data }: Props): ChartData => (typeof data === 'function' ? data() : data);

/** Writes a chart to a file. The code for it is loaded when someone asks. */
async function save(format: Format, props: Props): Promise<void> {
  const exported = { ...props, data: dataOf(props) };
  const { fileName, toCsv, toJson } = await import('./export');
  const name = fileName(exported, format);
  switch (format) {
    case 'csv':
      return download(name, new Blob([toCsv(exported)], { type: 'text/csv' }));
    case 'json':
      return download(name, new Blob([toJson(exported)], { type: 'application/json' }));
    case 'png': {
      const { draw = async () => (await import('./picture')).toPng(exported) } = exported;
      return download(name, await draw());
    }
  }
}

/** The small menu of a card: its figures as CSV or JSON, and its chart as a picture. */
export function ExportMenu(props: Props): ReactNode {
  const [open, setOpen] = useState(false);
  const [failed, setFailed] = useState(false);
  const timeline = useContext(TimelineContext);
  const choice = (format: Format): ReactNode => (
    <Button
      key={format}
      kind="quiet"
      className="justify-start"
      onClick={() => {
        save(format, props).then(
          () => setOpen(false),
          () => setFailed(true),
        );
      }}
    >
      {words[format]}
    </Button>
  );
  return (
    <Pop
      label={words.export(props.title)}
      kind="quiet"
      open={open}
      onOpenChange={(next) => {
        setFailed(false);
        setOpen(next);
      }}
      className="h-6! px-1.5!"
      trigger={<Icon name="download" size={14} />}
    >
      <div className="flex w-52 flex-col p-1.5">
        {(['csv', 'json', 'png'] as const).map(choice)}
        <p className="px-2.5 pt-1 pb-1.5 text-xs text-ink-3">{words.exact}</p>
        {timeline?.add && (
          <Button
            kind="quiet"
            className="justify-start"
            onClick={() => {
              setOpen(false);
              timeline.add?.(Math.min(dataOf(props).range.to, present()));
            }}
          >
            {words.annotate}
          </Button>
        )}
        {failed && (
          <p role="alert" className="px-2.5 pb-1.5 text-xs text-bad">
            {words.exportFailed}
          </p>
        )}
      </div>
    </Pop>
  );
}
