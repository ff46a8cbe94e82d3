import type { ReactNode } from 'react';
import { reasonOf } from '@/api/client';
import { Button } from '@/components/Button';
import { Icon } from '@/components/Icon';
import { OptionList } from '@/components/OptionList';
import { Pop } from '@/components/Pop';
import { counted } from '@/lib/format';
import { usePanel } from '@/lib/panel';
import { frame, nouns } from '@/words';
import { useSetSearch, useView } from '../view';
import { useWorkflowNames } from '../workflowNames';

const words = frame.filter;

/** Limits every card of the page to the chosen workflows. */
export function WorkflowFilter(): ReactNode {
  const [open, setOpen] = usePanel('filter');
  const view = useView();
  const setSearch = useSetSearch();
  const names = useWorkflowNames(view, open || view.workflows.length > 0);
  const chosen = view.workflows;
  const nameOf = (id: string): string => names.list.find((entry) => entry.id === id)?.name ?? id;
  const text =
    chosen.length === 0
      ? words.all
      : chosen.length === 1
        ? nameOf(chosen[0] ?? '')
        : counted(chosen.length, nouns.workflow);
  const set = (workflow: string[]): void =>
    setSearch({ workflow: workflow.length > 0 ? workflow : undefined });
  const listed = new Set(names.list.map((entry) => entry.id));
  const options = [
    ...chosen.filter((id) => !listed.has(id)).map((id) => ({ value: id, label: id })),
    ...names.list.map((entry) => ({ value: entry.id, label: entry.name, detail: entry.detail })),
  ];
  return (
    <Pop
      label={words.is(text)}
      testId="workflow-filter"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <>
          <Icon name="filter" size={14} />
          <span className={`max-w-40 truncate ${chosen.length > 0 ? 'text-accent' : ''}`}>
            <bdi>{text}</bdi>
          </span>
        </>
      }
    >
      {names.error && (
        <p role="alert" className="flex items-center gap-2 border-b px-3.5 py-2 text-bad">
          {words.failed(reasonOf(names.error))}
          <button type="button" className="underline" onClick={() => void names.retry()}>
            {words.retry}
          </button>
        </p>
      )}
      <OptionList
        multi
        searchable
        label={words.label}
        placeholder={words.search}
        empty={names.loading ? words.loading : names.error ? words.nothing : words.noMatch}
        selected={chosen}
        options={options}
        onPick={(id) =>
          set(chosen.includes(id) ? chosen.filter((entry) => entry !== id) : [...chosen, id])
        }
      />
      {chosen.length > 0 && (
        <div className="border-t p-1.5">
          <Button kind="quiet" onClick={() => set([])}>
            {words.showAll}
          </Button>
        </div>
      )}
    </Pop>
  );
}
