import type { ReactNode } from 'react';
import type { ErrorGroupDetail } from '@/api/errors';
import { Card } from '@/components/Card';
import { EmptyNote } from '@/components/states';
import { dateTimeSeconds } from '@/lib/zone';
import { Name } from '@/components/Name';
import { ExecutionLink } from '../executions/ExecutionLink';
import { errors } from '@/words';

const words = errors.samples;

/** The newest errors of a group, with their messages as stored. */
export function Samples(props: {
  samples: ErrorGroupDetail['group']['samples'];
  zone: string;
}): ReactNode {
  return (
    <Card title={words.newestErrors} note={words.redactedBeforeStorage} testId="samples">
      {props.samples.length === 0 && <EmptyNote>{words.noneRange}</EmptyNote>}
      <ul>
        {props.samples.map((sample) => (
          <li
            key={`${sample.executionId} ${sample.timestamp}`}
            className="flex flex-col gap-1 border-t px-4 py-2"
          >
            <p className="font-mono text-xs leading-5 wrap-anywhere whitespace-pre-wrap">
              {sample.message ?? words.noMessage}
            </p>
            <p className="flex flex-wrap gap-x-3 text-xs text-ink-3">
              <time dateTime={sample.timestamp}>
                {dateTimeSeconds(Date.parse(sample.timestamp), props.zone)}
              </time>
              {sample.errorStep && <span>{words.step(<Name of={sample.errorStep} />)}</span>}
              <ExecutionLink id={sample.executionId} className="font-mono break-all">
                {sample.executionId}
              </ExecutionLink>
            </p>
          </li>
        ))}
      </ul>
    </Card>
  );
}
