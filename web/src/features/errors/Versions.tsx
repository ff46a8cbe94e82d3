import type { ReactNode } from 'react';
import type { ErrorRules } from '@/api/errors';
import { Button } from '@/components/Button';
import { Card } from '@/components/Card';
import { EmptyNote } from '@/components/states';
import { counted } from '@/lib/format';
import { RelativeTime } from '../Time';
import { errors, nouns } from '@/words';

const words = errors.versions;

/** Every version of the rules. An earlier one can be shown, and applied again. */
export function Versions(props: {
  rules: ErrorRules;
  shown: number;
  onShow: (version: number) => void;
}): ReactNode {
  return (
    <Card title={words.versions} testId="rule-versions" className="col-span-full xl:col-span-4">
      {props.rules.versions.length === 0 && <EmptyNote>{words.everyChangeRulesListed}</EmptyNote>}
      <ul>
        {props.rules.versions.map((version) => (
          <li key={version.version} className="flex items-center gap-3 border-t px-4 py-2">
            <div className="min-w-0 flex-1">
              <p>
                {words.version(version.version)}{' '}
                <span className="text-ink-3">· {counted(version.rules, nouns.rule)}</span>
              </p>
              {version.note && <p className="break-words text-ink-2">{version.note}</p>}
              <p className="text-xs text-ink-3">
                {version.author} <RelativeTime alone at={version.createdAt} />
              </p>
            </div>
            <Button
              small
              aria-pressed={props.shown === version.version}
              onClick={() => props.onShow(version.version)}
            >
              {words.show}
            </Button>
          </li>
        ))}
      </ul>
    </Card>
  );
}
