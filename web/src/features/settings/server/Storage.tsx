import type { ReactNode } from 'react';
import type { ServerReport } from '@/api/server';
import { exactFigure, figure } from '@/lib/format';
import { server as words } from '@/words';
import { Tiles, type Tile } from '../../Tiles';
import { useZone } from '../../zone';
import { DayChart } from './DayChart';
import { fullOf, growthOf } from './said';
import { byteSeries } from './series';

const SAID = words.storage;

/** How much the server stores, how fast that grows, and when the disk is full. */
export function Storage({ report }: { report: ServerReport }): ReactNode {
  const zone = useZone();
  return (
    <section aria-label={SAID.title} data-testid="server-storage" className="flex flex-col gap-3">
      <Tiles label={SAID.title} tiles={tilesOf(report, zone)} />
      <DayChart
        id="bytes"
        title={SAID.bytes}
        label={SAID.byDay}
        empty={SAID.nothing}
        report={report}
        chart={byteSeries}
      />
    </section>
  );
}

function tilesOf({ storage, advice, to }: ServerReport, zone: string): Tile[] {
  const { storeBytes, controlBytes, freeBytes } = storage;
  const full = advice.find(({ about }) => about === 'disk_full');
  return [
    {
      label: SAID.used,
      value: figure(storeBytes + controlBytes, 'bytes'),
      exact: exactFigure(storeBytes + controlBytes, 'bytes'),
      note: SAID.parts(figure(storeBytes, 'bytes'), figure(controlBytes, 'bytes')),
    },
    {
      label: SAID.free,
      value: figure(freeBytes, 'bytes'),
      exact: exactFigure(freeBytes, 'bytes'),
      note: typeof freeBytes === 'number' ? SAID.freeNote : SAID.freeUnknown,
    },
    { label: SAID.growth, ...growthOf(storage) },
    {
      label: SAID.full,
      tone: full && (full.urgency === 'now' ? 'bad' : 'warn'),
      ...fullOf(storage, Date.parse(to), zone),
    },
  ];
}
