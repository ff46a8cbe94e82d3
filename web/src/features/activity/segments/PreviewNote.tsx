import type { ReactNode } from 'react';
import { asProblem, problemMessage } from '@/api/client';
import { Name } from '@/components/Name';
import { segments } from '@/words';
import type { Subject } from './definition';
import type { Preview } from './usePreview';

const words = segments.preview;

/** Who meets the conditions now; a count from before the last change is marked until the next is there. */
export function PreviewNote(props: {
  preview: Preview;
  of: Subject;
  /** The conditions are complete. */
  complete: boolean;
}): ReactNode {
  const { preview, of, complete } = props;
  const { members, old, error } = preview;
  return (
    <section
      aria-label={words.title}
      className="flex flex-col gap-2 self-start rounded-md bg-sunken px-3 py-2 md:sticky md:top-5"
    >
      <h3 className="text-xs font-medium text-ink-2">{words.title}</h3>
      <div role="status" data-testid="segment-count" data-old={old} className="min-h-11">
        {error ? (
          <p className="text-bad">{words.failed(problemMessage(asProblem(error)))}</p>
        ) : members ? (
          <>
            <p className={`text-base font-medium ${old ? 'text-ink-3' : ''}`}>
              {words.count(members.size, members.of, of)}{' '}
              {typeof members.sharePct === 'number' && (
                <span className={`font-normal ${old ? '' : 'text-ink-2'}`}>
                  {words.share(members.sharePct)}
                </span>
              )}
            </p>
            <p className="min-h-5 text-xs text-ink-3">
              {!complete ? words.incomplete : old && words.old}
            </p>
          </>
        ) : (
          <p className="text-ink-3">{complete ? words.asking : words.incomplete}</p>
        )}
      </div>
      {members && members.members.length > 0 && (
        <div className={old ? 'text-ink-3' : ''}>
          <h4 className="text-xs text-ink-3">{words.some}</h4>
          <ul className="font-mono text-xs">
            {members.members.map(({ id, name }) => (
              <li key={id}>
                <Name of={name ?? id} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}
