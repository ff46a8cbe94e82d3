import { useContext, useState, type ReactNode } from 'react';
import { present } from '@/lib/clock';
import { download } from '@/lib/download';
import { chart as words } from '@/words';
import { Button } from '../Button';
import { Icon } from '../Icon';
import { Pop } from '../Pop';
import type { Exported } from './export';
import { TimelineContext } from './timeline';

type Format = 'csv' | 'json' | 'png';

/** Writes a chart to a file. The code for it is loaded when someone asks. */
async function save(format: Format, exported: Exported & { log: boolean }): Promise<void> {
  const { fileName, toCsv, toJson } = await import('./export');
  const name = fileName(exported, format);
  switch (format) {
    case 'csv':
      return download(name, new Blob([toCsv(exported)], { type: 'text/csv' }));
    case 'json':
      return download(name, new Blob([toJson(exported)], { type: 'application/json' }));
    case 'png': {
      const { toPng } = await import('./picture');
      return download(name, await toPng(exported));
    }
  }
}

/** The small menu of a card: its figures as CSV or JSON, and its chart as a picture. */
export function ExportMenu(props: Exported & { log: boolean }): ReactNode {
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
              timeline.add?.(Math.min(props.data.range.to, present()));
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
