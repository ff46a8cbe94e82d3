import { rangeToParams } from '@/lib/range';
import { frameOf, type PageSearch } from '@/lib/search';
import { rangeAround } from '../changes/target';
import { markParameter } from '../mark';
import type { Measure, Span } from './heat';
import type { ConnectorsSearch } from './search';

/** The page of a connector with the range around a stretch of time, marked if it has a name. */
export function connectorAround(
  connector: string,
  span: Span,
  view: { bounds: { from: number; to: number }; zone: string; measure: Measure },
  label?: string,
) {
  const iso = (instant: number): string => new Date(instant).toISOString();
  const around = { since: iso(span.from), until: iso(span.until), ongoing: false };
  const range = { kind: 'absolute' as const, ...rangeAround(around, view.bounds, view.zone) };
  return {
    to: '/connectors/$stepType' as const,
    params: { stepType: connector },
    search: (previous: PageSearch): PageSearch & ConnectorsSearch => ({
      ...frameOf(previous),
      ...rangeToParams(range),
      by: undefined,
      compare: undefined,
      measure: view.measure === 'slowness' ? view.measure : undefined,
      mark: label === undefined ? undefined : markParameter(span.from, label, span.until),
    }),
  };
}
