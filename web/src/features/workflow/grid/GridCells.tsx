import { memo, type ReactNode } from 'react';
import { Name } from '@/components/Name';
import { duration } from '@/lib/format';
import { workflow as words } from '@/words';
import { CELL, cellLook, lookOf } from './look';
import { ratio, timeBands, versionBands, type Band, type Drawn } from './model';

const SAID = words.grid;
const BAR = 48;
const HEADING = 'sticky left-0 z-10 bg-surface pr-3 pl-4 text-left font-normal';
/** The line before the first execution of a version, down to the last step. */
const RELEASE =
  'relative before:absolute before:-inset-y-px before:-left-[1.5px] before:border-l before:border-dashed before:border-ink-2';

interface Props {
  table: Drawn;
  byTime: boolean;
  zone: string;
  /** The versions that were released at a column. */
  releases: Map<number, string>;
  /** The words of a cell, by its row and column. */
  textAt: (row: number, column: number) => string;
  hrefAt: (row: number, column: number) => string;
  /** The cell that a finger chose: `row column`. */
  tapped: string | null;
}

/** The cells of a grid. There may be thousands, so they are drawn again only if what they show changes. */
export const GridCells = memo(function GridCells(props: Props): ReactNode {
  const { table, releases } = props;
  const { executions, rows } = table;
  const line = (column: number): string => (releases.has(column) ? RELEASE : '');
  // With the tab key, the newest execution is reached first.
  const cellAt = (row: number, column: number) => ({
    'data-at': `${row} ${column}`,
    'aria-label': props.textAt(row, column),
    tabIndex: row === 0 && column === executions.length - 1 ? 0 : -1,
  });
  const chosen = (row: number, column: number): string =>
    props.tapped === `${row} ${column}` ? 'ring-2 ring-accent' : '';
  return (
    <>
      <thead>
        <tr className="text-2xs leading-4 text-ink-3">
          <th scope="row" className={HEADING}>
            {SAID.startedAt}
          </th>
          {timeBands(executions, props.zone).map(({ label, from, count }) => (
            <td key={from} colSpan={count} className="max-w-0 p-0 whitespace-nowrap">
              <span data-label className="sticky left-(--heading) inline-block">
                {label}
              </span>
            </td>
          ))}
        </tr>
        <Versions executions={executions} releases={releases} />
        <tr>
          <th scope="row" className={`${HEADING} h-px p-0 align-top text-xs text-ink-3`}>
            {table.longest > 0 ? (
              <span className="flex h-full flex-col justify-between pt-2.5">
                <span>
                  <span className="sr-only">{SAID.longest} </span>
                  {duration(table.longest)}
                </span>
                <span aria-hidden="true">0</span>
              </span>
            ) : (
              SAID.execution
            )}
          </th>
          {executions.map((execution, column) => {
            const look = lookOf(execution.status);
            const share = table.longest ? (execution.duration ?? 0) / table.longest : 0;
            return (
              <td
                key={column}
                className={`border-b border-line-strong p-0 pb-px align-bottom ${line(column)}`}
              >
                <a
                  {...cellAt(0, column)}
                  href={props.hrefAt(0, column)}
                  className={`flex w-[18px] flex-col justify-end rounded-[3px] text-center text-2xs leading-3 text-ink-2 hover:bg-sunken ${chosen(0, column)}`}
                  style={{ height: BAR + 14 }}
                >
                  {look.sign}
                  <span
                    className="w-full rounded-t-[3px]"
                    style={{ height: Math.max(3, share * BAR), background: `var(${look.token})` }}
                  />
                </a>
              </td>
            );
          })}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, at) => (
          <tr key={row.id} className="hover:[&>th]:text-accent">
            <th scope="row" className={`${HEADING} max-w-48 min-w-24 truncate max-sm:max-w-28`}>
              <Name cut of={row.name} />
            </th>
            {row.cells.map((cell, column) => {
              if (!cell) {
                return (
                  <td key={column} className={`p-0 ${line(column)}`}>
                    <span role="img" {...cellAt(at + 1, column)} className={CELL}>
                      <span className="size-1 rounded-full bg-line-strong" />
                    </span>
                  </td>
                );
              }
              const { style, sign } = cellLook(cell, props.byTime, ratio(cell, row));
              return (
                <td key={column} className={`p-0 ${line(column)}`}>
                  <a
                    {...cellAt(at + 1, column)}
                    href={props.hrefAt(at + 1, column)}
                    data-status={cell.status}
                    style={style}
                    className={`${CELL} hover:opacity-80 ${chosen(at + 1, column)}`}
                  >
                    {sign}
                  </a>
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </>
  );
});

/** The versions of the executions, and which of them are new. */
function Versions(props: {
  executions: Drawn['executions'];
  releases: Map<number, string>;
}): ReactNode {
  const bands = versionBands(props.executions);
  if (bands.length === 0) return null;
  const said = ({ label, from, count }: Band): string =>
    label === ''
      ? SAID.noVersion(count)
      : props.releases.has(from)
        ? SAID.released(label, count)
        : SAID.ran(label, count);
  return (
    <tr className="text-2xs leading-4" data-testid="grid-versions">
      <th scope="row" className={`${HEADING} text-ink-3`}>
        {SAID.versions}
      </th>
      {bands.map((band) => {
        const isNew = props.releases.has(band.from);
        return (
          <td
            key={band.from}
            colSpan={band.count}
            title={said(band)}
            data-release={isNew ? band.label : undefined}
            className={`max-w-0 p-0 ${isNew ? RELEASE : ''}`}
          >
            <span
              className={`block overflow-clip rounded-[3px] whitespace-nowrap ${isNew ? 'bg-accent-soft font-medium text-accent' : 'bg-line text-ink-2'}`}
            >
              {/* It stays in sight while its band does. */}
              <bdi className="sticky left-(--heading) inline-block px-1">
                {band.label || '\u00a0'}
              </bdi>
            </span>
          </td>
        );
      })}
    </tr>
  );
}
