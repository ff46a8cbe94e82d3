import type { ReactNode } from 'react';
import type { ErrorTriage } from '@/api/errors';
import { Icon } from '@/components/Icon';
import { Name } from '@/components/Name';
import { Tag } from '@/components/Tag';
import { useMinute } from '@/lib/clock';
import { ago, dateTime } from '@/lib/zone';
import { errors } from '@/words';
import { useZone } from '../zone';

const words = errors.triage;

/** What was decided about a group, in a row of a table; nothing for a group that is simply open. */
export function TriageTags({ of }: { of: ErrorTriage }): ReactNode {
  const zone = useZone();
  const now = useMinute();
  const { state, cameBackAt, assignee } = of;
  const back = cameBackAt ? Date.parse(cameBackAt) : null;
  return (
    <>
      {state === 'came_back' && back !== null && (
        <span title={dateTime(back, zone)}>
          <Tag tone="bad">{words.cameBack(ago(back, Math.max(now, back), zone))}</Tag>
        </span>
      )}
      {(state === 'resolved' || state === 'ignored') && <Tag>{words.tags[state]}</Tag>}
      {assignee && (
        <span className="inline-flex items-center gap-1" title={assignee.email}>
          <Icon name="user" size={12} />
          <Name of={assignee.name || assignee.email} />
        </span>
      )}
    </>
  );
}
