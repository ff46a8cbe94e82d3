import type { QueryResult, Row } from '@/api/types';
import type { Answer, Frame } from '@/lib/answer';

/** The frame of answers in tests: a week in January 2026, of a project with a month of data. */
export const FRAME: Frame = {
  range: { kind: 'last', last: '7d' },
  bounds: { from: Date.parse('2026-01-01T00:00:00Z'), to: Date.parse('2026-01-08T00:00:00Z') },
  extent: {
    first: Date.parse('2025-12-01T00:00:00Z'),
    newest: Date.parse('2026-01-08T00:00:00Z'),
  },
  granularity: 'day',
  zone: 'UTC',
  compare: undefined,
  env: undefined,
  workflows: [],
};

/** An answer with these rows, for tests. */
export function answerOf(
  rows: Row[],
  parts: {
    comparison?: Row[];
    other?: QueryResult['other'];
    labels?: QueryResult['labels'];
    groups?: number;
    granularity?: QueryResult['query']['granularity'];
  } = {},
): Answer {
  return {
    frame: FRAME,
    question: '',
    at: Date.parse('2026-01-09T00:00:00Z'),
    query: {
      metrics: [],
      dimensions: [],
      filters: [],
      orderBy: [],
      range: { from: '', to: '' },
      timezone: 'UTC',
      granularity: parts.granularity,
    },
    rows,
    comparison: parts.comparison,
    other: parts.other,
    labels: parts.labels ?? {},
    meta: {
      source: '',
      rowsRead: 0,
      elapsedMs: 0,
      groups: parts.groups ?? rows.length,
      cached: false,
      completeness: { newestEvent: null, sources: [], gaps: [], completeUntil: null },
    },
  };
}
