import { useMemo, type ReactNode } from 'react';
import type { VariantComparison } from '@/api/processMap';
import { Name } from '@/components/Name';
import { figure } from '@/lib/format';
import { processmap as words } from '@/words';
import { colorToken } from './colors';
import { differenceOf, findingOf } from './comparedRows';
import { stepName } from './graph';
import { againstUsual, type Line } from './pathDiff';

const SAID = words.comparison;

type Row = VariantComparison['rows'][number];

/** How many steps of a path are listed. */
const MOST_STEPS = 15;

/** The path that most executions of both groups took. */
const usualOf = (rows: Row[]): Row | undefined =>
  rows.toSorted((x, y) => y.a.executions + y.b.executions - x.a.executions - x.b.executions)[0];

/** The paths of two groups for narrow screens: each step has a line, and what differs from the usual path is marked. */
export function ComparedPaths(props: {
  rows: Row[];
  most: number;
  colors: Map<string, number>;
}): ReactNode {
  const { rows, most, colors } = props;
  const usual = useMemo(() => usualOf(rows), [rows]);
  if (!usual) return null;
  return (
    <>
      <p className="border-t px-4 py-2 text-xs text-ink-2">{SAID.marked}</p>
      <ol aria-label={SAID.title} data-testid="compared-variants">
        {rows.slice(0, most).map((row) => (
          <li key={row.id} className="flex flex-col gap-1.5 border-t px-4 py-2.5">
            <Shares row={row} usual={row === usual} />
            {row.steps.length === 0 && (
              <p className="text-xs text-ink-3">{words.variants.noSteps}</p>
            )}
            <Steps lines={againstUsual(row.steps, usual.steps)} colors={colors} />
          </li>
        ))}
      </ol>
    </>
  );
}

/** How often each group took a path, and how sure the difference is. */
function Shares({ row, usual }: { row: Row; usual: boolean }): ReactNode {
  const { text, color } = findingOf(row);
  const difference = differenceOf(row);
  return (
    <div className="flex flex-wrap items-baseline gap-x-3">
      {(['a', 'b'] as const).map((side) => (
        <span key={side} className="tabular-nums">
          <span className="font-semibold" style={{ color: `var(--more-${side})` }}>
            {SAID[side]}
          </span>{' '}
          {figure(row[side].share, 'percent')}
        </span>
      ))}
      {difference && (
        <span className="font-medium tabular-nums" title={difference.bounds}>
          {difference.text}
        </span>
      )}
      <span className="text-xs" style={{ color }}>
        {text}
      </span>
      {usual && <span className="text-xs text-ink-3">{SAID.usual}</span>}
    </div>
  );
}

function Steps({ lines, colors }: { lines: Line[]; colors: Map<string, number> }): ReactNode {
  const shown = lines.slice(0, MOST_STEPS);
  return (
    <ol className="flex flex-col">
      {shown.map(({ step, mark }, index) => (
        <li
          key={index}
          data-mark={mark}
          className="flex min-h-5 items-center gap-2 text-xs leading-5 data-[mark=missing]:text-ink-3"
        >
          <span
            aria-hidden="true"
            style={{ background: colorToken(colors.get(step.id)) }}
            className={`h-4 w-1 shrink-0 rounded-sm ${mark === 'missing' ? 'opacity-35' : ''}`}
          />
          <span className="min-w-0">
            <Name cut of={stepName(step)} />
          </span>
          {step.repeats > 1 && mark !== 'missing' && (
            <span className="shrink-0 font-semibold">{words.variants.repeats(step.repeats)}</span>
          )}
          {mark !== 'same' && (
            <span className="ml-auto shrink-0 font-medium text-ink-2">{SAID.marks[mark]}</span>
          )}
        </li>
      ))}
      {lines.length > shown.length && (
        <li className="text-xs text-ink-3">{words.variants.more(lines.length - shown.length)}</li>
      )}
    </ol>
  );
}
