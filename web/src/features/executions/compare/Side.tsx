import type { ReactNode } from 'react';
import type { ExecutionRow, StepsTime } from '@/api/executions';
import { Name } from '@/components/Name';
import { duration, money } from '@/lib/format';
import { executions as words } from '@/words';
import { DateTime } from '../../Time';
import { ExecutionLink } from '../ExecutionLink';
import { State } from '../State';
import { workflowOf } from '../state';

/** The colour of each side in bars and letters. */
export const SIDES = { a: 'var(--series-1)', b: 'var(--series-2)' } as const;
export type Letter = keyof typeof SIDES;

/** The letter of a side in its colour. */
export function LetterMark({ of }: { of: Letter }): ReactNode {
  return (
    <span
      style={{ borderColor: SIDES[of] }}
      className="inline-flex size-5 shrink-0 items-center justify-center rounded border-2 text-2xs font-semibold"
    >
      {words.compare[of]}
    </span>
  );
}

/** One of the two executions, in short. */
export function Side(props: { letter: Letter; row: ExecutionRow; time: StepsTime }): ReactNode {
  const { letter, row, time } = props;
  return (
    <section
      aria-label={words.compare[letter]}
      data-testid={`side-${letter}`}
      className="flex min-w-0 flex-col gap-1 rounded-lg border bg-surface px-4 py-3"
    >
      <h2 className="flex min-w-0 items-center gap-2 text-sm font-semibold">
        <LetterMark of={letter} />
        <ExecutionLink id={row.id} inList title={workflowOf(row)} className="line-clamp-2 min-w-0">
          <Name of={workflowOf(row)} />
        </ExecutionLink>
      </h2>
      <p className="font-mono text-xs break-all text-ink-3">{row.executionId}</p>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <State status={row.status} stale={row.stale} />
        {row.duration != null && (
          <strong className="font-semibold">{duration(row.duration)}</strong>
        )}
        {time.waiting > 0 && (
          <span className="text-ink-2">
            {words.one.time(duration(time.working), duration(time.waiting), null)}
          </span>
        )}
        {row.workflowVersion != null && (
          <span className="text-ink-2">
            {words.columns.version} <Name of={row.workflowVersion} />
          </span>
        )}
        {row.cost != null && <span className="text-ink-2">{money(row.cost)}</span>}
        <span className="text-ink-3">
          <DateTime at={row.startedAt ?? row.timestamp} />
        </span>
      </p>
    </section>
  );
}
