import type { ReactNode } from 'react';
import type { Funnel } from '@/api/workflow';
import { Name } from '@/components/Name';
import { compact, counted, duration, exact, NO_VALUE, percent } from '@/lib/format';
import { nouns, workflow as words } from '@/words';

const SAID = words.funnel;

type Step = Funnel['steps'][number];

/** The name of a step: the words for the first and the last, or the step's own name. */
export function stepLabel(step: Pick<Step, 'label' | 'events'>): string {
  const [event] = step.events;
  return (step.events.length === 1 && event && SAID.events[event]) || step.label;
}

/** How many got no further and did not reach the end another way either. */
const lost = (step: Step): number => step.dropped - step.finished_otherwise;

/** The step after which most were lost. */
function worst(steps: Step[]): Step | undefined {
  return steps.reduce<Step | undefined>(
    (most, step) => (lost(step) > (most ? lost(most) : 0) ? step : most),
    undefined,
  );
}

/** A bar for each step of a funnel, with who was lost between it and the next one. */
export function FunnelPicture({ funnel }: { funnel: Funnel }): ReactNode {
  const { steps, entered } = funnel;
  const most = worst(steps);
  const otherwise = steps.reduce((sum, step) => sum + step.finished_otherwise, 0);
  return (
    <div className="px-4 pb-3">
      <p className="pb-2 text-ink-2">
        {SAID.sentence(
          counted(funnel.converted, nouns[funnel.unit]),
          exact(entered),
          typeof funnel.conversion_rate === 'number' ? percent(funnel.conversion_rate) : NO_VALUE,
        )}
        {otherwise > 0 && ` ${SAID.othersReachedIt(exact(otherwise))}`}
      </p>
      <ol className="flex flex-col">
        {steps.map((step, index) => (
          <li key={step.position}>
            <StepBar step={step} entered={entered} />
            {index < steps.length - 1 && (
              <Between step={step} next={steps[index + 1]} worst={step === most} />
            )}
          </li>
        ))}
      </ol>
      {(funnel.excluded > 0 || funnel.without_subject > 0) && (
        <p className="pt-2 text-xs text-ink-3">
          {funnel.excluded > 0 && SAID.excluded(funnel.excluded)}{' '}
          {funnel.without_subject > 0 && SAID.withoutSubject(funnel.without_subject)}
        </p>
      )}
    </div>
  );
}

function StepBar({ step, entered }: { step: Step; entered: number }): ReactNode {
  const share = entered > 0 ? step.reached / entered : 0;
  return (
    <div className="grid grid-cols-[minmax(6rem,11rem)_1fr_auto] items-center gap-3 max-sm:grid-cols-[1fr_auto]">
      <span className="min-w-0 truncate">
        <Name cut of={stepLabel(step)} />
      </span>
      <span
        aria-hidden="true"
        className="h-6 rounded-sm bg-sunken max-sm:order-last max-sm:col-span-2 max-sm:h-3"
      >
        <span
          className="block h-full rounded-sm bg-(--series-1)"
          style={{ width: `${share * 100}%`, minWidth: share > 0 ? 2 : 0 }}
        />
      </span>
      <span className="min-w-24 text-right whitespace-nowrap" title={exact(step.reached)}>
        <span className="font-medium">{compact(step.reached)}</span>{' '}
        <span className="text-ink-3">
          {typeof step.share_of_entered === 'number' ? percent(step.share_of_entered) : NO_VALUE}
        </span>
      </span>
    </div>
  );
}

/** What happens between two steps: how many drop out, how many are still there, and how long the rest takes. */
function Between(props: { step: Step; next: Step | undefined; worst: boolean }): ReactNode {
  const { step, next } = props;
  const gone = lost(step);
  const time = next?.time_from_previous.p50_ms;
  return (
    <p className="flex min-h-6 flex-wrap items-center gap-x-3 border-l-2 border-dotted border-line-strong py-0.5 pl-3 text-xs text-ink-3 sm:ml-[calc(11rem+0.75rem)]">
      {gone > 0 && (
        <span className={props.worst ? 'font-medium text-bad' : ''}>
          {SAID.lost(exact(gone), percent((100 * gone) / step.reached))}
          {props.worst && ` · ${SAID.worst}`}
        </span>
      )}
      {step.finished_otherwise > 0 && (
        <span>{SAID.leftThePath(exact(step.finished_otherwise))}</span>
      )}
      {step.active > 0 && <span>{SAID.stillHere(exact(step.active))}</span>}
      {typeof time === 'number' && time > 0 && <span>{SAID.typically(duration(time))}</span>}
    </p>
  );
}
