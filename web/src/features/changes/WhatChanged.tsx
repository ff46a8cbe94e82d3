import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Change, Changes, Confidence } from '@/api/changes';
import { Card } from '@/components/Card';
import { Icon } from '@/components/Icon';
import { Name } from '@/components/Name';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { Sparkline } from '@/components/Sparkline';
import { Skeleton } from '@/components/states';
import type { Asked } from '@/lib/answer';
import { counted, exact } from '@/lib/format';
import { rangeLabel } from '@/lib/range';
import { dateOnly, wallAt } from '@/lib/zone';
import { changes as words, components, nouns } from '@/words';
import type { Part } from '@/words/en/changes';
import { effectsOf, evidenceOf, ICONS, sentenceOf, textOf, whenOf } from './said';
import { targetOf } from './target';
import { markedAt } from './trend';

/** Rows beside the key figures on wide screens; below that, cards in a row that is swiped. Of one height, whatever it holds. */
const BODY = 'flex h-30 flex-col lg:h-78 xl:h-66';
const LIST =
  'flex min-h-0 flex-1 snap-x snap-proximity scroll-px-3 gap-2 overflow-x-auto px-3 pb-2 lg:flex-col lg:gap-0 lg:overflow-x-hidden lg:overflow-y-auto lg:px-0 lg:pb-1';
const ROW =
  'relative grid w-78 max-w-[88vw] shrink-0 snap-start grid-cols-[1rem_minmax(0,1fr)] gap-x-3 rounded-md border px-3 py-1.5 hover:bg-sunken/60 lg:max-h-19 lg:w-auto lg:max-w-none lg:grow lg:grid-cols-[1rem_minmax(0,1fr)_7rem] lg:content-center lg:rounded-none lg:border-0 lg:border-t lg:px-4';

const TONES: Record<Confidence, string> = {
  certain: 'text-ink-2',
  likely: 'text-ink-3',
  possible: 'text-ink-3 italic',
};

/** What changed in the range: the largest effects first, each a link to the page that explains it. */
export function WhatChanged({ query }: { query: QueryState<Changes & Asked> }): ReactNode {
  const { data } = query;
  return (
    <Card
      title={words.title}
      testId="changes"
      note={
        data &&
        data.changes.length > 0 && (
          <span className="max-lg:hidden">{words.comparedWith(periodOf(data))}</span>
        )
      }
      className="lg:col-span-7"
    >
      <div className={BODY}>
        <QueryContent what={words.title} query={query} skeleton={<ListSkeleton />}>
          {(found) =>
            found.changes.length === 0 ? <Nothing found={found} /> : <List found={found} />
          }
        </QueryContent>
      </div>
    </Card>
  );
}

/** The period that was compared with; null if there was none. */
function periodOf({ comparedWith, frame }: Changes & Asked): string | null {
  const [from, to] = [Date.parse(comparedWith.from), Date.parse(comparedWith.to)];
  return from < to ? rangeLabel({ kind: 'absolute', from, to }, frame.zone) : null;
}

/** That nothing changed, and against what that was judged; or what is missing to tell. */
function Nothing({ found }: { found: Changes & Asked }): ReactNode {
  const { notEnoughData, daysWithData, daysNeeded, comparedWith, frame } = found;
  const since = dateOnly(Date.parse(comparedWith.from), frame.zone);
  return (
    <p className="m-auto max-w-prose px-4 py-2 text-center text-ink-3" data-testid="no-changes">
      {notEnoughData
        ? words.notEnough(counted(daysWithData, nouns.day), since, exact(daysNeeded))
        : words.none(periodOf(found))}
    </p>
  );
}

function List({ found }: { found: Changes & Asked }): ReactNode {
  return (
    <ul className={LIST}>
      {found.changes.map((change) => (
        <Row key={change.id} change={change} frame={found.frame} />
      ))}
      {found.omitted > 0 && (
        <li className="shrink-0 self-center px-4 py-2 text-xs text-ink-3 lg:self-start">
          {words.smaller(exact(found.omitted))}
        </li>
      )}
    </ul>
  );
}

function Row({ change, frame }: { change: Change; frame: Asked['frame'] }): ReactNode {
  const { zone, bounds } = frame;
  const sentence = sentenceOf(change);
  const [first, ...others] = effectsOf(change);
  const trend = <Sparkline values={change.series.values} mark={markedAt(change)} />;
  const bad = change.ongoing ? 'text-bad' : 'text-ink-2';
  return (
    <li className={ROW} data-kind={change.kind}>
      <span className={`mt-0.5 ${bad}`}>
        <Icon name={ICONS[change.kind]} />
      </span>
      <div className="flex min-w-0 flex-col gap-0.5">
        <Link
          {...targetOf(change, bounds, zone)}
          title={textOf(sentence)}
          className="line-clamp-3 after:absolute after:inset-0 after:rounded-[inherit] focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent lg:line-clamp-2"
        >
          <Sentence parts={sentence} />
        </Link>
        <div className="flex items-end gap-2 max-lg:mt-auto">
          <p className="line-clamp-2 min-w-0 flex-1 text-xs text-ink-3 lg:line-clamp-1">
            {first && <strong className="font-medium text-ink">{first}</strong>}
            {others.map((effect) => ` · ${effect}`)}
            {first && ' · '}
            {whenOf(change, zone, wallAt(bounds.to - 1, zone).year)}
            {' · '}
            <span className={TONES[change.confidence]} title={evidenceOf(change)}>
              {words.confidence[change.confidence]}
            </span>
          </p>
          <div className="w-16 shrink-0 lg:hidden">{trend}</div>
        </div>
      </div>
      <div className="self-center max-lg:hidden">{trend}</div>
    </li>
  );
}

/** The parts of a sentence, those that matter in bold. */
export function Sentence({ parts }: { parts: Part[] }): ReactNode {
  return parts.map((part, index) => {
    if (typeof part === 'string') return part;
    if ('name' in part) return <Name key={index} of={part.name} />;
    return (
      <strong key={index} className="font-semibold">
        <Name of={part.strong} />
      </strong>
    );
  });
}

function ListSkeleton(): ReactNode {
  return (
    <div role="status" aria-label={components.loading} className={LIST}>
      {[0, 1, 2].map((row) => (
        <div key={row} className={ROW}>
          <Skeleton className="size-4 rounded-full" />
          <div className="flex flex-col gap-1.5">
            <Skeleton className="h-4 w-4/5" />
            <Skeleton className="h-3 w-3/5" />
          </div>
          <Skeleton className="h-6 w-full max-lg:hidden" />
        </div>
      ))}
    </div>
  );
}
