import type { ReactNode } from 'react';
import { Skeleton } from '@/components/states';
import { components } from '@/words';

/** A figure with its label, and what stands below it. */
export interface Tile {
  label: string;
  value: ReactNode;
  /** The exact value, on hover. */
  exact?: string;
  note?: ReactNode;
  tone?: 'good' | 'bad' | 'warn';
}

const TONES = { good: 'text-good', bad: 'text-bad', warn: 'text-warn' };
const GRID =
  'grid grid-cols-2 gap-px overflow-hidden rounded-lg border bg-line sm:grid-cols-3 lg:grid-flow-col lg:auto-cols-fr lg:grid-cols-none';
const CELL =
  'flex min-w-0 flex-col gap-0.5 bg-surface px-3 py-2.5 max-sm:odd:last:col-span-2 sm:max-lg:last:nth-[3n+2]:col-span-2';

/** A row of figures; on a phone, two next to each other. */
export function Tiles({ label, tiles }: { label: string; tiles: Tile[] }): ReactNode {
  return (
    <dl aria-label={label} className={GRID}>
      {tiles.map((tile) => (
        <div key={tile.label} className={CELL}>
          <dt className="truncate text-xs text-ink-2">{tile.label}</dt>
          <dd
            title={tile.exact}
            className={`text-lg leading-7 font-semibold tracking-tight sm:text-xl ${tile.tone ? TONES[tile.tone] : ''}`}
          >
            {tile.value}
          </dd>
          <dd className="min-h-4 text-2xs leading-4 text-ink-3">{tile.note}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A skeleton in the shape of a row of figures. */
export function TilesSkeleton({ count }: { count: number }): ReactNode {
  return (
    <div role="status" aria-label={components.loading} className={GRID}>
      {Array.from({ length: count }, (_, index) => (
        <div key={index} className={CELL}>
          <Skeleton className="my-1 h-3 w-16 max-w-full" />
          <Skeleton className="my-1 h-5 w-20 max-w-full" />
          <Skeleton className="h-4 w-12" />
        </div>
      ))}
    </div>
  );
}
