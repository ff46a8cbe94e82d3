import { useMemo, type ReactNode } from 'react';
import { Card } from '@/components/Card';
import { CopyText } from '@/components/Copy';
import { explore as words } from '@/words';
import type { CardQuery } from '../useCardQuery';
import type { View } from '../view';
import { bodyOf, curlOf } from './request';

/** The query as the body of a request, and as a command. */
export function QueryText({ query, view }: { query: CardQuery; view: View }): ReactNode {
  const body = useMemo(() => bodyOf(query, view), [query, view]);
  return (
    <Card title={words.query} testId="explore-query">
      <div className="flex flex-col gap-3 px-4 pb-4">
        <CopyText
          label={words.json}
          text={JSON.stringify(body, null, 2)}
          testId="explore-json"
          className="[&>pre]:max-h-72 [&>pre]:overflow-auto"
        />
        <CopyText
          label={words.curl}
          text={curlOf(body, view.project.id, window.location.origin)}
          testId="explore-curl"
        />
        <p className="text-xs text-ink-3">{words.curlHint}</p>
      </div>
    </Card>
  );
}
