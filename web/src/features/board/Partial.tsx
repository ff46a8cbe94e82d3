import { useState, type ReactNode } from 'react';
import { Icon } from '@/components/Icon';
import { Pop } from '@/components/Pop';
import type { Answer } from '@/lib/answer';
import { counted } from '@/lib/format';
import { interval } from '@/lib/zone';
import { board, nouns } from '@/words';

const words = board.partial;

/** Marks figures for which data is missing, and lists the gaps. Shows nothing if there are none. */
export function Partial({ result }: { result: Answer }): ReactNode {
  const [open, setOpen] = useState(false);
  const from = Date.parse(result.query.range.from);
  const to = Date.parse(result.query.range.to);
  const gaps = result.meta.completeness.gaps.filter(
    (gap) => Date.parse(gap.to) > from && Date.parse(gap.from) < to,
  );
  if (gaps.length === 0) return null;
  return (
    <Pop
      label={words.title}
      kind="quiet"
      open={open}
      onOpenChange={setOpen}
      className="h-6! text-xs text-warn!"
      trigger={
        <>
          <Icon name="warning" size={13} /> {words.gaps(counted(gaps.length, nouns.gap))}
        </>
      }
    >
      <ul className="flex max-w-80 flex-col gap-2 p-3 text-xs">
        {gaps.map((gap) => (
          <li key={`${gap.source} ${gap.from}`}>
            <p className="font-medium">{words.source(gap.source)}</p>
            <p className="text-ink-2">
              {interval(Date.parse(gap.from), Date.parse(gap.to), result.frame.zone)}
            </p>
          </li>
        ))}
      </ul>
    </Pop>
  );
}
