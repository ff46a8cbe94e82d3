import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Change, Changes } from '@/api/changes';
import { Card } from '@/components/Card';
import { Icon } from '@/components/Icon';
import { QueryContent, type QueryState } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import type { Asked } from '@/lib/answer';
import { dateTime, wallAt } from '@/lib/zone';
import { connectors } from '@/words';
import { effectsOf, evidenceOf, ICONS, sentenceOf, textOf, whenOf } from '../changes/said';
import { targetOf } from '../changes/target';
import { Sentence } from '../changes/WhatChanged';
import { incidentsOf, spanOf } from './incidents';
import { percentOf } from './look';

const words = connectors.incidents;

/** What was wrong with connectors, or with one of them: a sentence each, and when it was on a common line of time. */
export function Incidents(props: {
  query: QueryState<Changes & Asked>;
  connector?: string;
  className?: string;
}): ReactNode {
  const { query, connector } = props;
  return (
    <Card title={words.title} testId="incidents" className={props.className}>
      <QueryContent what={words.title} query={query} skeleton={<TableSkeleton rows={3} />}>
        {(found) => (
          <div className="flex min-h-32 flex-col">
            <List found={found} connector={connector} />
          </div>
        )}
      </QueryContent>
    </Card>
  );
}

function List(props: { found: Changes & Asked; connector: string | undefined }): ReactNode {
  const { found, connector } = props;
  const incidents = incidentsOf(found.changes, connector);
  if (incidents.length === 0) {
    return <EmptyNote>{connector === undefined ? words.nothing : words.nothingOne}</EmptyNote>;
  }
  const { bounds, zone } = found.frame;
  return (
    <>
      <ul>
        {incidents.map((change) => (
          <Row key={change.id} change={change} frame={found.frame} />
        ))}
      </ul>
      <p aria-hidden="true" className="flex justify-between px-4 pb-2 text-2xs text-ink-3">
        <span>{dateTime(bounds.from, zone)}</span>
        <span>{dateTime(bounds.to, zone)}</span>
      </p>
    </>
  );
}

function Row({ change, frame }: { change: Change; frame: Asked['frame'] }): ReactNode {
  const { bounds, zone } = frame;
  const sentence = sentenceOf(change);
  const span = spanOf(change, bounds);
  const bad = change.ongoing ? 'text-bad' : 'text-ink-2';
  return (
    <li
      data-kind={change.kind}
      className="relative grid grid-cols-[1rem_minmax(0,1fr)] gap-x-3 border-t px-4 py-2 hover:bg-sunken/60"
    >
      <span className={`mt-0.5 ${bad}`}>
        <Icon name={ICONS[change.kind]} />
      </span>
      <div className="flex min-w-0 flex-col gap-1">
        <Link
          {...targetOf(change, bounds, zone)}
          title={textOf(sentence)}
          className="after:absolute after:inset-0"
        >
          <Sentence parts={sentence} />
        </Link>
        <p className="text-xs text-ink-3" title={evidenceOf(change)}>
          {[...effectsOf(change), whenOf(change, zone, wallAt(bounds.to - 1, zone).year)].join(
            ' · ',
          )}
        </p>
        <div aria-hidden="true" className="relative h-1.5 rounded-full bg-sunken">
          {span && (
            <span
              className="absolute inset-y-0 min-w-1 rounded-full bg-(--failed)"
              style={{
                left: percentOf(span.from, bounds),
                right: `calc(100% - ${percentOf(span.until, bounds)})`,
              }}
            />
          )}
        </div>
      </div>
    </li>
  );
}
