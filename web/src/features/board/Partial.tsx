import { useState, type ReactNode } from 'react';
import { Icon } from '@/components/Icon';
import { Pop } from '@/components/Pop';
import type { Answer } from '@/lib/answer';
import { counted } from '@/lib/format';
import { dateTime } from '@/lib/zone';

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
      label="Partial data"
      kind="quiet"
      open={open}
      onOpenChange={setOpen}
      className="h-6! text-xs text-warn!"
      trigger={
        <>
          <Icon name="warning" size={13} /> Partial data: {counted(gaps.length, 'gap')}
        </>
      }
    >
      <ul className="flex max-w-80 flex-col gap-2 p-3 text-xs">
        {gaps.map((gap) => (
          <li key={`${gap.source} ${gap.from}`}>
            <p className="font-medium">No data from {gap.source}</p>
            <p className="text-ink-2">
              {dateTime(Date.parse(gap.from), result.frame.zone)} to{' '}
              {dateTime(Date.parse(gap.to), result.frame.zone)}
            </p>
          </li>
        ))}
      </ul>
    </Pop>
  );
}
