import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ErrorGroups } from '@/api/errors';
import { buttonClass } from '@/components/Button';
import { exact, percent } from '@/lib/format';
import { errors } from '@/words';
import { usePageSearch } from '../view';
import { classLabel } from './ClassTag';

const words = errors.errorGroups;

/** The classes of the errors in the range; each one filters the list. */
export function Classes({ groups }: { groups: Pick<ErrorGroups, 'classes'> }): ReactNode {
  const { errorClass } = usePageSearch();
  const shown = groups.classes.filter((entry) => entry.errorClass);
  return (
    <div
      role="group"
      aria-label={words.classWord}
      className="scroll-edges flex flex-wrap gap-1 px-2.5 pb-2 max-md:flex-nowrap max-md:overflow-x-auto"
    >
      {shown.map((entry) => {
        const pressed = entry.errorClass === errorClass;
        return (
          <Link
            key={entry.errorClass}
            to="/errors"
            search={(previous) => ({
              ...previous,
              errorClass: pressed ? undefined : (entry.errorClass ?? undefined),
            })}
            aria-current={pressed}
            title={words.errors2(exact(entry.count), percent(entry.share))}
            className={`${buttonClass('quiet', true)} shrink-0 aria-[current=true]:bg-accent-soft aria-[current=true]:text-accent`}
          >
            {classLabel(entry.errorClass)} <span className="text-ink-3">{exact(entry.count)}</span>
          </Link>
        );
      })}
      {errorClass && (
        <Link
          to="/errors"
          search={(previous) => ({ ...previous, errorClass: undefined })}
          className={`${buttonClass('quiet', true)} shrink-0`}
        >
          {words.allClasses}
        </Link>
      )}
    </div>
  );
}
