import type { ReactNode } from 'react';
import type { VariantComparison } from '@/api/processMap';
import { DataTable, type Column } from '@/components/DataTable';
import { Name } from '@/components/Name';
import { exactFigure, figure } from '@/lib/format';
import { processmap as words } from '@/words';
import { points } from './ComparedVariants';
import { stepName } from './graph';

/** A step or an arrow in both groups. */
interface Part {
  key: string;
  name: string;
  a?: number | null;
  b?: number | null;
  timeA?: number | null;
  timeB?: number | null;
}

/** How many steps and arrows are listed. */
const MOST = 6;
/** The least difference in percentage points that is listed. */
const LEAST = 0.5;

const gap = ({ a, b }: Part): number => (b ?? 0) - (a ?? 0);

const differing = (parts: Part[]): Part[] =>
  parts
    .filter((part) => Math.abs(gap(part)) >= LEAST)
    .sort((x, y) => Math.abs(gap(y)) - Math.abs(gap(x)))
    .slice(0, MOST);

function columns(name: string, time: string): Column<Part>[] {
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
    value('a', words.comparison.a, 'percent'),
    value('b', words.comparison.b, 'percent'),
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
  ];
}

/** The steps and arrows that are taken by different shares of two groups. */
export function ComparedParts({ data }: { data: VariantComparison }): ReactNode {
  const names = new Map(data.nodes.map(({ step }) => [step.id, stepName(step)]));
  const steps = differing(
    data.nodes.map(({ step, a, b }) => ({
      key: step.id,
      name: stepName(step),
      a: a.share,
      b: b.share,
      timeA: a.durationP50,
      timeB: b.durationP50,
    })),
  );
  const arrows = differing(
    data.edges.map(({ from, to, a, b }) => ({
      key: JSON.stringify([from, to]),
      name: `${names.get(from) ?? from} → ${names.get(to) ?? to}`,
      a: a.share,
      b: b.share,
      timeA: a.waitP50,
      timeB: b.waitP50,
    })),
  );
  return (
    <>
      <p className="border-t px-4 py-2 text-xs text-ink-2">{words.comparison.drawn}</p>
      {steps.length > 0 && (
        <DataTable
          label={words.comparison.steps}
          columns={columns(words.comparison.steps, words.comparison.time)}
          rows={steps}
          rowKey={({ key }) => key}
        />
      )}
      {arrows.length > 0 && (
        <DataTable
          label={words.comparison.edges}
          columns={columns(words.comparison.edges, words.comparison.wait)}
          rows={arrows}
          rowKey={({ key }) => key}
        />
      )}
    </>
  );
}
