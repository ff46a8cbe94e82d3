import type { ReactNode } from 'react';
import type { ErrorRulesPreview } from '@/api/errors';
import { DataTable, type Column } from '@/components/DataTable';
import { Icon } from '@/components/Icon';
import { Notice } from '@/components/Notice';
import { counted, exact } from '@/lib/format';
import { classLabel } from './ClassTag';
import { Name } from '@/components/Name';
import { errors, nouns } from '@/words';

const words = errors.rulesPreview;

type Move = ErrorRulesPreview['moves'][number];

const COLUMNS: Column<Move>[] = [
  {
    id: 'move',
    header: words.from,
    className: 'py-1.5',
    exact: (move) => move.sampleMessage ?? '',
    cell: (move) => (
      <div className="min-w-0">
        <p className="text-ink-2">
          <Name of={move.fromTitle} />
        </p>
        <p className="flex items-start gap-1.5 break-words">
          <span className="mt-0.5 text-ink-3">
            <Icon name="right" size={14} />
          </span>
          <Name of={move.toTitle} />
        </p>
      </div>
    ),
  },
  {
    id: 'class',
    header: words.classWord,
    className: 'text-ink-2',
    cell: (move) =>
      move.fromClass === move.toClass
        ? classLabel(move.toClass)
        : `${classLabel(move.fromClass)} → ${classLabel(move.toClass)}`,
  },
  {
    id: 'executions',
    header: words.executions,
    numeric: true,
    cell: (move) => exact(move.executions),
  },
  {
    id: 'steps',
    header: words.steps,
    numeric: true,
    wideOnly: true,
    cell: (move) => exact(move.steps),
  },
];

/** What rules would change in stored errors. */
export function RulesPreview({ preview }: { preview: ErrorRulesPreview }): ReactNode {
  const nothing = preview.executions === 0 && preview.steps === 0;
  return (
    <div data-testid="rules-preview" className="flex flex-col gap-2">
      <Notice tone="plain">
        {nothing
          ? words.noStoredErrorsWould
          : words.wouldMoveAnotherGroup(
              counted(preview.executions, nouns.execution),
              counted(preview.steps, nouns.step),
            )}
        {!preview.complete && words.onlyFirstKindsErrors(exact(preview.kinds))}
      </Notice>
      {preview.moves.length > 0 && (
        <div className="rounded-md border">
          <DataTable
            label={words.errorsWouldMove}
            columns={COLUMNS}
            rows={preview.moves}
            rowKey={(move) => `${move.fromGroup ?? move.fromTitle} ${move.toGroup} ${move.toClass}`}
          />
        </div>
      )}
    </div>
  );
}
