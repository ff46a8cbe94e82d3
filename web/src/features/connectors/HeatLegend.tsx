import type { ReactNode } from 'react';
import { connectors } from '@/words';
import type { Level, Measure } from './heat';
import { colorOf } from './look';
import { legendOf } from './said';

/** What the colours mean, in words. */
export function HeatLegend({ measure }: { measure: Measure }): ReactNode {
  const { few, fine, degrees } = legendOf(measure);
  const entries: { level: Level; text: string }[] = [
    { level: 'few', text: few },
    { level: 0, text: fine },
    ...degrees.map((from, index) => ({
      level: (index + 1) as Level,
      text: connectors.heat.from(from),
    })),
  ];
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 text-2xs text-ink-3">
      <span>{connectors.heat.legend[measure]}</span>
      {entries.map(({ level, text }) => (
        <span key={level} className="inline-flex items-center gap-1.5 whitespace-nowrap">
          <span aria-hidden="true" className="inline-flex h-3 w-4 items-center">
            <span
              className={`w-full rounded-[2px] ${level === 'few' ? 'h-0.5' : 'h-full'}`}
              style={{ background: colorOf(measure, level) }}
            />
          </span>
          {text}
        </span>
      ))}
    </div>
  );
}
