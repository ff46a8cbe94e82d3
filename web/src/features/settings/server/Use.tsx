import type { ReactNode } from 'react';
import type { ServerReport } from '@/api/server';
import { Card } from '@/components/Card';
import { InlineBar } from '@/components/DataTable';
import { counted, figure } from '@/lib/format';
import { nouns, server as words } from '@/words';

const SAID = words.use;

/** How many of those who have an account look at the analytics. */
export function Use({ report }: { report: ServerReport }): ReactNode {
  const { people, activePeople, activePct } = report;
  return (
    <Card title={SAID.title} note={SAID.note} testId="server-use">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 pb-3">
        <p>
          {people > 0
            ? SAID.seen(activePeople, counted(people, nouns.account), figure(activePct, 'percent'))
            : SAID.none}
        </p>
        {people > 0 && (
          <div className="w-48 max-w-full">
            <InlineBar share={(activePct ?? 0) / 100} />
          </div>
        )}
      </div>
    </Card>
  );
}
