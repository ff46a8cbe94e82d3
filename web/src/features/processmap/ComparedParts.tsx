import type { ReactNode } from 'react';
import type { VariantComparison } from '@/api/processMap';
import { DataTable, type Column } from '@/components/DataTable';
import { Name } from '@/components/Name';
import { exactFigure, figure, NO_VALUE } from '@/lib/format';
import { processmap as words } from '@/words';
import { points } from './comparedRows';
import { stepName } from './graph';

/** A step or an arrow in both groups. */
export interface Part {
  key: string;
  name: string;
  a?: number | null;
  b?: number | null;
  timeA?: number | null;
  timeB?: number | null;
  /** How many times as long it takes in B; null if that is not known, or of too few executions. */
  ratio: number | null;
}

/** How many steps and arrows are listed. */
const MOST = 6;
/** The least difference that is listed: in percentage points, or as a ratio of times. */
const LEAST = 0.5;
const LEAST_RATIO = 1.2;
/** The differences of shares and of times, as logarithms, that count as equally large. */
const ALIKE = { points: 25, doublings: 2 };

const gap = ({ a, b }: Part): number => (b ?? 0) - (a ?? 0);
const doublings = ({ ratio }: Part): number => Math.abs(Math.log2(ratio ?? 1));
const timeDiffers = (part: Part): boolean => doublings(part) >= Math.log2(LEAST_RATIO);
const strength = (part: Part): number =>
  Math.max(Math.abs(gap(part)) / ALIKE.points, doublings(part) / ALIKE.doublings);

const differing = (parts: Part[]): Part[] =>
  parts
    .filter((part) => Math.abs(gap(part)) >= LEAST || timeDiffers(part))
    .sort((x, y) => strength(y) - strength(x))
    .slice(0, MOST);

type Side = Pick<VariantComparison['nodes'][number]['a'], 'executions' | 'share'>;

/** The shares and times of a part; a ratio of times needs enough executions on both sides. */
function partOf(
  key: string,
  name: string,
  [a, timeA]: [Side, number | null | undefined],
  [b, timeB]: [Side, number | null | undefined],
  enough: number,
): Part {
  const known = Math.min(a.executions, b.executions) >= enough && (timeA ?? 0) >= 1;
  const ratio = known && timeA != null && timeB != null && timeB >= 1 ? timeB / timeA : null;
  return { key, name, a: a.share, b: b.share, timeA, timeB, ratio };
}

/** How many times as long a part takes in B, where that is worth a word. */
const ratioColumn = (time: string): Column<Part> => ({
  id: 'ratio',
  header: words.comparison.ratioOf(time),
  numeric: true,
  cell: (part) =>
    timeDiffers(part) ? (
      <strong className="font-semibold">{words.comparison.times(part.ratio ?? 1)}</strong>
    ) : (
      NO_VALUE
    ),
});

function columns(name: string, time: string, parts: Part[]): Column<Part>[] {
  const value = (
    id: 'a' | 'b' | 'timeA' | 'timeB',
    header: string,
    unit: 'percent' | 'milliseconds',
    wideOnly = false,
  ): Column<Part> => ({
    id,
    header,
    numeric: true,
    wideOnly,
    cell: (part) => figure(part[id], unit),
    exact: (part) => exactFigure(part[id], unit),
  });
  return [
    {
      id: 'name',
      header: name,
      className: 'max-w-56',
      tells: true,
      cell: (part) => <Name cut of={part.name} />,
    },
    value('a', words.comparison.a, 'percent', true),
    value('b', words.comparison.b, 'percent', true),
    {
      id: 'gap',
      header: words.comparison.difference,
      numeric: true,
      cell: (part) => (
        <span style={{ color: gap(part) < 0 ? 'var(--more-a)' : 'var(--more-b)' }}>
          {words.comparison.points(points(gap(part)))}
        </span>
      ),
    },
    value('timeA', words.comparison.timeOf(time, words.comparison.a), 'milliseconds', true),
    value('timeB', words.comparison.timeOf(time, words.comparison.b), 'milliseconds', true),
    ...(parts.some(timeDiffers) ? [ratioColumn(time)] : []),
  ];
}

/** The steps and arrows that differ most between two groups, those with the largest differences first. */
export interface Parts {
  steps: Part[];
  arrows: Part[];
}

/** What differs between two groups, as far as it is worth listing. */
export function partsOf({ nodes, edges, enough }: VariantComparison): Parts {
  const names = new Map(nodes.map(({ step }) => [step.id, stepName(step)]));
  return {
    steps: differing(
      nodes.map(({ step, a, b }) =>
        partOf(step.id, stepName(step), [a, a.durationP50], [b, b.durationP50], enough),
      ),
    ),
    arrows: differing(
      edges.map(({ from, to, a, b }) => {
        const name = `${names.get(from) ?? from} → ${names.get(to) ?? to}`;
        return partOf(JSON.stringify([from, to]), name, [a, a.waitP50], [b, b.waitP50], enough);
      }),
    ),
  };
}

/** Whether steps and arrows say more than paths: some differ, and the shares of no path differ significantly. */
export function partsLead(
  { rows }: Pick<VariantComparison, 'rows'>,
  { steps, arrows }: Parts,
): boolean {
  const inPaths = rows.some(({ finding }) => finding === 'different');
  return !inPaths && steps.length + arrows.length > 0;
}

/** The steps and arrows that are taken by different shares of two groups. */
export function ComparedParts({ parts: { steps, arrows } }: { parts: Parts }): ReactNode {
  return (
    <>
      <p className="border-t px-4 py-2 text-xs text-ink-2">{words.comparison.drawn}</p>
      {steps.length > 0 && (
        <DataTable
          label={words.comparison.steps}
          columns={columns(words.comparison.steps, words.comparison.time, steps)}
          rows={steps}
          rowKey={({ key }) => key}
        />
      )}
      {arrows.length > 0 && (
        <DataTable
          label={words.comparison.edges}
          columns={columns(words.comparison.edges, words.comparison.wait, arrows)}
          rows={arrows}
          rowKey={({ key }) => key}
        />
      )}
    </>
  );
}
