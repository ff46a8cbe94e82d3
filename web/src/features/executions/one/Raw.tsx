import { useMemo, type ReactNode } from 'react';
import type { ExecutionDetail } from '@/api/executions';
import { Button } from '@/components/Button';
import { Card } from '@/components/Card';
import { CopyText, DownloadText } from '@/components/Copy';
import { executions as words } from '@/words';

const text = words.one.raw;
/** More lines than this are downloaded rather than drawn. */
const MOST_LINES = 2_000;

/** The record as the API gives it. */
export function Raw(props: {
  detail: ExecutionDetail;
  open: boolean;
  onOpen: (open: boolean) => void;
}): ReactNode {
  const { detail, open, onOpen } = props;
  return (
    <Card
      title={text.title}
      testId="raw"
      actions={
        <Button kind="quiet" aria-expanded={open} onClick={() => onOpen(!open)}>
          {open ? text.hide : text.show}
        </Button>
      }
    >
      {open && <Record detail={detail} />}
    </Card>
  );
}

function Record({ detail }: { detail: ExecutionDetail }): ReactNode {
  const json = useMemo(() => JSON.stringify(detail, null, 2), [detail]);
  const lines = useMemo(() => json.split('\n'), [json]);
  const cut = lines.length > MOST_LINES;
  return (
    <div className="flex flex-col gap-2 px-4 pb-3">
      <CopyText
        label={text.label}
        text={cut ? lines.slice(0, MOST_LINES).join('\n') : json}
        testId="record"
        className="[&>pre]:max-h-96 [&>pre]:overflow-auto"
      />
      {cut && <p className="text-xs text-ink-3">{text.cut(MOST_LINES, lines.length)}</p>}
      <div>
        <DownloadText name={`${detail.id}.json`} text={json}>
          {text.download}
        </DownloadText>
      </div>
    </div>
  );
}
