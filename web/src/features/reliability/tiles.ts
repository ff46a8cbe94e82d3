import type { DocumentReport, ServiceOverview } from '@/api/reliability';
import type { ServiceLevel } from '@/api/workflow';
import { compact, exact, exactFigure, figure, NO_VALUE } from '@/lib/format';
import { reliability as words } from '@/words';
import { serviceTiles } from '../workflow/service/summary';
import type { Tile } from '../Tiles';

const SAID = words.tiles;

/** The figures of the page: success, slow runs and budget left; documents, and the runs of today. */
export function headTiles(
  report: ServiceLevel,
  overview: ServiceOverview | undefined,
  documents: DocumentReport | undefined,
): Tile[] {
  const { success, p95, budgetLeft } = serviceTiles(report);
  const total = documents?.total;
  const today = overview?.runsPerDay.at(-1);
  return [
    success,
    p95,
    {
      label: SAID.documents,
      value: figure(total?.successRate, 'percent'),
      exact: exactFigure(total?.successRate, 'percent'),
      note: total && SAID.created(compact(total.success), compact(total.documents)),
    },
    {
      label: SAID.today,
      value: today ? compact(today.runs) : NO_VALUE,
      exact: today && exact(today.runs),
      note: today && SAID.failed(compact(today.failed)),
    },
    budgetLeft,
  ];
}
