import { useMemo, useState, type ReactNode } from 'react';
import { Chart } from '@/components/chart';
import { Legend } from '@/components/chart/Legend';
import { QueryContent } from '@/components/QueryContent';
import { ChartSkeleton, EmptyNote } from '@/components/states';
import { present } from '@/lib/clock';
import { exact, figure } from '@/lib/format';
import { toggled } from '@/lib/list';
import { workflow as words } from '@/words';
import { outcomesOf, previewChart, tallyOf, type Draft, type Outcome } from './preview';
import type { Past } from './usePreview';

const SAID = words.service.preview;
const HEIGHT = 200;

/** What the last 90 days would have been with a target; null while the target is not complete. */
export function Preview({ past, draft }: { past: Past; draft: Draft | null }): ReactNode {
  const { query, days, zone, end } = past;
  const outcomes = useMemo(() => days && draft && outcomesOf(days, draft), [days, draft]);
  const [hidden, setHidden] = useState<string[]>([]);
  const at = query.data?.at;
  const data = useMemo(
    () => outcomes && draft && previewChart(outcomes, draft, { zone, end, now: at ?? present() }),
    [outcomes, draft, zone, end, at],
  );
  const drawn = useMemo(
    () => data && { ...data, series: data.series.filter(({ id }) => !hidden.includes(id)) },
    [data, hidden],
  );
  return (
    <section
      aria-label={SAID.title}
      data-testid="target-preview"
      className="flex min-w-0 flex-col gap-2 self-start rounded-lg border bg-surface py-3"
    >
      <h3 className="px-4 text-sm font-semibold">{SAID.title}</h3>
      <p className="px-4 text-xs text-ink-3">{SAID.note}</p>
      <QueryContent what={SAID.title} query={query} skeleton={<ChartSkeleton height={HEIGHT} />}>
        {() => {
          if (!draft || !outcomes || !data || !drawn)
            return <EmptyNote>{SAID.incomplete}</EmptyNote>;
          if (outcomes.every(({ runs }) => runs === 0)) return <EmptyNote>{SAID.none}</EmptyNote>;
          return (
            <>
              <Counts outcomes={outcomes} draft={draft} />
              <div className="flex px-2.5 pt-2">
                <Legend
                  data={data}
                  hidden={hidden}
                  onToggle={(id) => setHidden(toggled(hidden, id) ?? [])}
                />
              </div>
              <Chart label={SAID.title} data={drawn} height={HEIGHT} markers={[]} asTable={false} />
              <p data-testid="preview-now" className="px-4 pt-2 text-xs text-ink-3">
                {currentWords(outcomes.at(-1))} {SAID.plain}
              </p>
            </>
          );
        }}
      </QueryContent>
    </section>
  );
}

/** The window that has not ended, in words; empty without runs. */
function currentWords(current: Outcome | undefined): string {
  if (!current || current.runs === 0) return '';
  const { successPct, spentPct, inTimePct } = current;
  return SAID.now(
    figure(successPct, 'percent'),
    figure(spentPct, 'percent'),
    figure(inTimePct, 'percent'),
  );
}

/** How many windows would have met the target, and how many not. */
function Counts({ outcomes, draft }: { outcomes: Outcome[]; draft: Draft }): ReactNode {
  const tally = tallyOf(outcomes, draft);
  const shown = [
    { id: 'met', label: SAID.met, count: tally.met },
    { id: 'overspent', label: SAID.overspent, count: tally.overspent },
    { id: 'slow', label: SAID.tooSlow, count: tally.tooSlow },
    { id: 'few', label: SAID.few, count: tally.few },
  ];
  return (
    <dl aria-label={SAID.figures} className="grid grid-cols-2 gap-x-3 gap-y-2 px-4 sm:grid-cols-4">
      {shown.map(({ id, label, count }) => (
        <div key={id} data-tally={id} className="flex min-w-0 flex-col">
          <dt className="text-2xs text-ink-2">{label}</dt>
          <dd className="text-lg leading-6 font-semibold">{exact(count)}</dd>
          <dd className="text-2xs text-ink-3">{SAID.of(tally.windows)}</dd>
        </div>
      ))}
    </dl>
  );
}
