import type { ReactNode } from 'react';
import type { Retention } from '@/api/activity';
import type { Asked } from '@/lib/answer';
import { counted, exact, NO_VALUE, percent } from '@/lib/format';
import { bucketName } from '@/lib/granularity';
import { activity as words, nouns } from '@/words';
import { columnText, FEW, meaningOf, retentionRows, type RetentionCell } from './retention';

const SAID = words.retention;
const CELL = 'h-8 min-w-14 px-1.5 text-right whitespace-nowrap';

/** A row for each cohort and a column for each period after its start, darker for more who came back. */
export function RetentionGrid({ report }: { report: Retention & Asked }): ReactNode {
  const { granularity, timezone, totals } = report;
  const rows = retentionRows(report);
  return (
    <>
      <p data-testid="retention-meaning" className="max-w-4xl px-4 pb-2 text-xs text-ink-2">
        {meaningOf(report).join(' ')}
      </p>
      {/* Positioned, so that what is only for screen readers scrolls with its cell. */}
      <div
        role="group"
        aria-label={SAID.title}
        // It takes focus so that the keyboard can scroll it.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        className="scroll-edges relative overflow-x-auto pb-1"
      >
        <table aria-label={SAID.title} className="border-separate border-spacing-0.5 px-3 text-xs">
          <thead className="text-ink-3">
            <tr>
              <th scope="col" className="pr-3 text-left font-medium">
                {SAID.cohort}
              </th>
              <th scope="col" className="pr-2 text-right font-medium">
                {SAID.size}
              </th>
              {report.columns.map((span) => (
                <th key={span.from} scope="col" className={`${CELL} font-medium`}>
                  {columnText(span, report.mode)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr data-testid="retention-total">
              <th scope="row" className="pr-3 text-left font-medium">
                {SAID.total}
              </th>
              <td />
              {totals.map((total, index) => (
                <td
                  key={index}
                  title={SAID.totalCell(
                    exact(total.count),
                    counted(total.size, nouns.user),
                    exact(total.cohorts),
                  )}
                  className={`${CELL} font-medium`}
                >
                  {typeof total.percent === 'number' ? percent(total.percent) : NO_VALUE}
                </td>
              ))}
            </tr>
            {rows.map(({ start, size, cells }) => (
              <tr key={start} data-cohort={new Date(start).toISOString()}>
                <th scope="row" className="pr-3 text-left font-normal whitespace-nowrap">
                  {bucketName(start, granularity, timezone)}
                </th>
                <td className={`pr-2 text-right ${size < FEW ? 'text-ink-3' : ''}`}>
                  {exact(size)}
                </td>
                {cells.map((cell, index) => (
                  <Cell key={index} cell={cell} size={size} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 pt-1 pb-3 text-xs text-ink-3">
        <span className="inline-flex items-center gap-1.5">
          <span aria-hidden="true" className="hatched-behind size-3 rounded-sm" /> {SAID.openKey}
        </span>
        <span>{SAID.fewKey(FEW)}</span>
        <span>{SAID.totalKey}</span>
      </p>
    </>
  );
}

function Cell({ cell, size }: { cell: RetentionCell | null; size: number }): ReactNode {
  // The period has not begun.
  if (!cell) return <td className={CELL} />;
  const share = cell.percent === null ? NO_VALUE : percent(cell.percent);
  const text = SAID.cell(exact(cell.count), counted(size, nouns.user));
  return (
    <td
      title={cell.open ? SAID.open(text) : text}
      data-open={cell.open || undefined}
      className={`${CELL} rounded-sm ${cell.open ? 'hatched-behind' : ''} ${cell.few ? 'text-ink-3' : 'text-ink'}`}
      style={cell.few ? undefined : { backgroundColor: tint(cell.percent ?? 0) }}
    >
      {/* The lines of an open period must not run through its figure. */}
      <span className={cell.open ? 'rounded-sm bg-surface px-0.5' : ''}>{share}</span>
      {cell.open && <span className="sr-only"> {SAID.isOpen}</span>}
    </td>
  );
}

/** The colour behind a share in percent: light enough for the text on it in either theme. */
function tint(share: number): string {
  return `color-mix(in srgb, var(--series-1) ${Math.round(share * 0.3)}%, var(--surface))`;
}
