import type { ReactNode } from 'react';
import type { ErrorGroupDetail } from '@/api/errors';
import { Card } from '@/components/Card';
import { counted } from '@/lib/format';
import { Name } from '@/components/Name';
import { errors, nouns } from '@/words';

const words = errors.members;

/** The kinds of errors in a group, each with a message that is typical of it. */
export function Members({ members }: { members: ErrorGroupDetail['members'] }): ReactNode {
  return (
    <Card
      title={words.matchingMessages}
      note={members.length > 1 ? counted(members.length, nouns.mergedGroup) : undefined}
      testId="members"
      className="grow"
    >
      <ul className="pb-1">
        {members.map((member) => (
          <li key={member.fingerprint} className="flex flex-col gap-0.5 border-t px-4 py-2">
            <p>
              <Name of={member.title} />
            </p>
            <p className="font-mono text-xs text-ink-3">{member.fingerprint}</p>
          </li>
        ))}
      </ul>
    </Card>
  );
}
