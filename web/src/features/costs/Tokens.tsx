import type { ReactNode } from 'react';
import type { Costs } from '@/api/costs';
import { Card } from '@/components/Card';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { EmptyNote, Skeleton } from '@/components/states';
import { exactFigure, figure, percent } from '@/lib/format';
import { costs as words } from '@/words';
import { PartsBar } from './PartsBar';

const SAID = words.tokenKinds;

type Kind = 'fresh' | 'cacheWrite' | 'cacheRead' | 'answer' | 'reasoning';

const TOKENS: Record<Kind, string> = {
  fresh: '--series-1',
  cacheWrite: '--series-2',
  cacheRead: '--series-3',
  answer: '--series-4',
  reasoning: '--series-5',
};

/** Tokens by kind, each counted once: the API's input includes what caches took, its output what reasoning took. */
export function kindsOf(figures: Costs['current']): [Kind, number][] {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, reasoningTokens } = figures;
  return [
    ['fresh', Math.max(0, inputTokens - cacheReadTokens - cacheWriteTokens)],
    ['cacheWrite', cacheWriteTokens],
    ['cacheRead', cacheReadTokens],
    ['answer', Math.max(0, outputTokens - reasoningTokens)],
    ['reasoning', reasoningTokens],
  ];
}

/** The tokens of a range by their kind, which have different prices. */
export function Tokens({ query }: { query: QueryState<Costs> }): ReactNode {
  const all = query.data && query.data.current.inputTokens + query.data.current.outputTokens;
  return (
    <Card
      title={SAID.title}
      note={Boolean(all) && SAID.note(figure(all, 'tokens'))}
      testId="tokens"
      className="col-span-full"
    >
      <QueryContent
        what={SAID.title}
        query={query}
        skeleton={<Skeleton className="mx-4 mb-4 h-16" />}
      >
        {({ current }) => {
          const kinds = kindsOf(current);
          const whole = kinds.reduce((sum, [, count]) => sum + count, 0);
          if (whole === 0) return <EmptyNote>{SAID.nothing}</EmptyNote>;
          const parts = kinds.map(([id, count]) => ({
            id,
            label: SAID[id],
            token: TOKENS[id],
            amount: count / whole,
            figure: figure(count, 'tokens'),
            exact: exactFigure(count, 'tokens'),
            detail: percent((100 * count) / whole),
          }));
          return <PartsBar parts={parts} />;
        }}
      </QueryContent>
    </Card>
  );
}
