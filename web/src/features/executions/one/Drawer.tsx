import type { ReactNode } from 'react';
import type { ExecutionDetail, ExecutionNorms, StepBar, StepNorm } from '@/api/executions';
import { Button } from '@/components/Button';
import { Icon } from '@/components/Icon';
import { Name } from '@/components/Name';
import { duration, exact, exactFigure, figure, money, percent } from '@/lib/format';
import { executions as words } from '@/words';
import { DateTime } from '../../Time';
import { ExecutionLink } from '../ExecutionLink';
import { State } from '../State';
import { Facts, type Fact } from './Facts';
import type { Item } from './model';
import { sumOf } from './RowView';

const text = words.drawer;

/** The details of a row of the waterfall. */
export function Drawer(props: {
  item: Item;
  detail: ExecutionDetail;
  norms: ExecutionNorms | undefined;
  onClose: () => void;
}): ReactNode {
  const { item, detail, norms } = props;
  const last = item.attempts.at(-1)?.bar;
  const norm = last && normOf(norms, item, last);
  return (
    <aside
      aria-label={item.name}
      data-testid="drawer"
      className="flex min-w-0 flex-col gap-3 border-t p-4 max-lg:fixed max-lg:inset-x-0 max-lg:bottom-0 max-lg:z-40 max-lg:max-h-[60dvh] max-lg:overflow-auto max-lg:border-line-strong max-lg:bg-raised lg:max-h-[max(20rem,calc(100dvh-17rem))] lg:overflow-auto lg:border-t-0 lg:border-l"
    >
      <div className="flex items-start gap-2">
        <h3 className="min-w-0 flex-1 text-sm font-semibold">
          <Name of={item.name} />
        </h3>
        <Button
          kind="quiet"
          small
          aria-label={text.close}
          title={text.close}
          onClick={props.onClose}
        >
          <Icon name="cross" size={14} />
        </Button>
      </div>
      <Facts
        facts={[
          [text.status, <State key="state" status={item.status} />],
          item.type && [text.type, <Name key="type" of={item.type} />],
          [text.duration, exactly(item.end - item.start)],
          norm && [text.norm, usually(norm)],
          item.waited > 0 && [text.waiting, exactly(item.waited)],
          item.waited > 0 && [
            text.working,
            exactly(Math.max(0, item.end - item.start - item.waited)),
          ],
          item.wait && [text.waited, duration(item.wait.end - item.wait.start)],
          ...stepFacts(item, last, detail),
          item.kind === 'step' && last && [text.id, <Name key="id" of={last.stepId} />],
        ]}
      />
      {item.attempts.length > 1 && <Attempts item={item} />}
      {last?.errorMessage || last?.errorType ? <Failure bar={last} /> : null}
      {item.execution && (
        <ExecutionLink id={item.execution} inList className="text-accent">
          {text.open}
        </ExecutionLink>
      )}
    </aside>
  );
}

const exactly = (ms: number): ReactNode => (
  <span title={exactFigure(ms, 'milliseconds')}>{duration(ms)}</span>
);

/** What is usual for a run; only the page's own execution has norms. */
function normOf(
  norms: ExecutionNorms | undefined,
  item: Item,
  { stepId, occurrence }: StepBar,
): StepNorm | undefined {
  if (item.id.startsWith('execution:')) return undefined;
  return norms?.steps.find((norm) => norm.stepId === stepId && norm.occurrence === occurrence);
}

function usually({ p50, p95, samples, ratio }: StepNorm): ReactNode {
  if (p50 == null || p95 == null) return words.one.band.tooFew(words.drawer.runs(samples));
  return (
    <>
      {text.normOf(duration(p50), duration(p95), samples)}
      {ratio != null && ratio > 1 && (
        <strong className="block font-medium text-bad">
          {words.one.band.overP95(figure(ratio, 'count'))}
        </strong>
      )}
    </>
  );
}

function stepFacts(item: Item, last: StepBar | undefined, detail: ExecutionDetail): Fact[] {
  if (!last) return [[text.offset(duration(item.start)), '']];
  const pair = (
    a: number | null | undefined,
    b: number | null | undefined,
    unit: 'count' | 'bytes',
  ): string => [a, b].map((value) => (value == null ? '–' : figure(value, unit))).join(' → ');
  const [cost, input, output] = [
    sumOf(item, 'cost'),
    sumOf(item, 'inputTokens'),
    sumOf(item, 'outputTokens'),
  ];
  const total = detail.timeline.duration;
  return [
    total > 0 && [text.share, percent(Math.min(100, ((item.end - item.start) / total) * 100))],
    [
      text.start,
      <>
        <DateTime at={last.start} />
        <span className="block text-ink-3">{text.offset(duration(item.start))}</span>
      </>,
    ],
    (last.itemsIn != null || last.itemsOut != null) && [
      text.items,
      pair(last.itemsIn, last.itemsOut, 'count'),
    ],
    (last.inputSize != null || last.outputSize != null) && [
      text.size,
      pair(last.inputSize, last.outputSize, 'bytes'),
    ],
    last.cacheHit != null && [text.cache, last.cacheHit ? text.hit : text.miss],
    last.creditsUsed != null && [text.credits, exactFigure(last.creditsUsed, 'credits')],
    item.critical && [text.critical, text.yes],
    cost > 0 && [
      text.costs,
      <span key="cost" title={text.costNote}>
        {money(cost)}
      </span>,
    ],
    input + output > 0 && [words.one.facts.tokens, words.one.tokens(exact(input), exact(output))],
  ];
}

function Attempts({ item }: { item: Item }): ReactNode {
  return (
    <div>
      <h4 className="mb-1 text-xs font-medium text-ink-3">{text.attempts}</h4>
      <ol className="flex flex-col gap-1">
        {item.attempts.map(({ bar, start, end }) => (
          <li key={start} className="flex min-w-0 flex-wrap items-center gap-x-2">
            <State status={bar.status} iconOnly />
            {text.attempt(bar.attempt)}
            <span className="text-ink-3">{duration(end - start)}</span>
            {bar.errorMessage && (
              <span className="w-full pl-5 text-xs wrap-anywhere text-bad">{bar.errorMessage}</span>
            )}
          </li>
        ))}
      </ol>
    </div>
  );
}

function Failure({ bar }: { bar: StepBar }): ReactNode {
  return (
    <div className="rounded-md bg-bad-soft p-2.5">
      <p className="text-xs font-medium text-bad">{bar.errorType ?? text.error}</p>
      {bar.errorMessage && (
        <p className="font-mono text-xs leading-5 wrap-anywhere whitespace-pre-wrap">
          {bar.errorMessage}
        </p>
      )}
    </div>
  );
}
