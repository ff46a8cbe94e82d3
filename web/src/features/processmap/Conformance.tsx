import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { rulesQuery, saveRules, type Judged, type Rule, type Rules } from '@/api/conformance';
import { Button } from '@/components/Button';
import { Card } from '@/components/Card';
import { Form, FormProblem, Submit } from '@/components/form/Form';
import { Icon } from '@/components/Icon';
import { QueryContent } from '@/components/QueryContent';
import { TableSkeleton } from '@/components/states';
import { processmap as words } from '@/words';
import { usePermission } from '../session';
import { useWorkflow } from '../workflow/context';
import { useJudged } from './read';
import { RuleResult } from './RuleResult';
import { complete, EMPTY_RULE } from './rules';
import { RuleSentence, type StepChoice } from './RuleSentence';

/** Rules about the order of steps, and the executions that break them. */
export function Conformance({ steps }: { steps: StepChoice[] }): ReactNode {
  const { id, view } = useWorkflow();
  const query = useQuery(rulesQuery(view.project.id, id));
  return (
    <Card title={words.rules.title} note={words.rules.intro} testId="conformance">
      <QueryContent what={words.rules.what} query={query} skeleton={<TableSkeleton rows={2} />}>
        {(saved) => <Editor key={saved.version} saved={saved} steps={steps} />}
      </QueryContent>
    </Card>
  );
}

interface Draft {
  key: number;
  rule: Rule;
}

/** Whether two rules demand the same. */
const same = (a: Rule, b: Rule): boolean =>
  a.kind === b.kind &&
  a.step === b.step &&
  (['other', 'withinMs', 'times'] as const).every((of) => (a[of] ?? null) === (b[of] ?? null));

function Editor({ saved, steps }: { saved: Rules; steps: StepChoice[] }): ReactNode {
  const { id, view } = useWorkflow();
  const client = useQueryClient();
  const allowed = usePermission(view.project, 'manage_settings');
  const first = (): Draft[] => saved.rules.map((rule, key) => ({ key, rule }));
  const [drafts, setDrafts] = useState<Draft[]>(first);
  // The rules that are judged: the saved ones, until others are tried.
  const [tried, setTried] = useState<Rule[]>(saved.rules);
  const judged = useJudged(view, id, tried);
  const rules = drafts.map(({ rule }) => rule);
  const whole = rules.every(complete);
  const changed =
    rules.length !== saved.rules.length ||
    rules.some((rule, index) => !same(rule, saved.rules[index] ?? EMPTY_RULE));
  const resultOf = (rule: Rule): Judged | undefined =>
    judged.data?.rules.find((result) => same(result.rule, rule));
  const change = (key: number, rule: Rule): void =>
    setDrafts(drafts.map((draft) => (draft.key === key ? { key, rule } : draft)));
  return (
    <Form
      label={words.rules.title}
      className="gap-2! px-4 pb-3"
      refusals={{ precondition_failed: { message: words.rules.outdated } }}
      onSubmit={async () => {
        const next = await saveRules(view.project.id, id, rules, saved.version);
        client.setQueryData(rulesQuery(view.project.id, id).queryKey, next);
      }}
    >
      {drafts.length === 0 && <p className="py-1 text-ink-3">{words.rules.none}</p>}
      <ol className="flex flex-col">
        {drafts.map(({ key, rule }, index) => {
          const result = resultOf(rule);
          return (
            <li key={key} className="flex flex-col gap-1.5 border-t py-2 first:border-t-0">
              <div className="flex items-start gap-2">
                <div className="min-w-0 flex-1">
                  <RuleSentence
                    number={index + 1}
                    rule={rule}
                    steps={steps}
                    onChange={(next) => change(key, next)}
                  />
                </div>
                <Button
                  kind="quiet"
                  aria-label={words.rules.remove(index + 1)}
                  onClick={() => setDrafts(drafts.filter((draft) => draft.key !== key))}
                >
                  <Icon name="cross" size={14} />
                </Button>
              </div>
              {result && judged.data && (
                <RuleResult judged={result} zone={judged.data.frame.zone} />
              )}
            </li>
          );
        })}
      </ol>
      {judged.isError && (
        <QueryContent what={words.rules.what} query={judged} skeleton={null}>
          {() => null}
        </QueryContent>
      )}
      <FormProblem />
      <div className="flex flex-wrap items-center gap-1.5">
        <Button
          onClick={() =>
            setDrafts([
              ...drafts,
              { key: 1 + Math.max(-1, ...drafts.map((draft) => draft.key)), rule: EMPTY_RULE },
            ])
          }
        >
          <Icon name="plus" size={14} /> {words.rules.add}
        </Button>
        {changed && (
          <>
            <Button disabled={!whole} aria-busy={judged.isFetching} onClick={() => setTried(rules)}>
              {words.rules.try}
            </Button>
            {allowed && <Submit disabled={!whole}>{words.rules.save}</Submit>}
            <Button
              kind="quiet"
              onClick={() => {
                setDrafts(first());
                setTried(saved.rules);
              }}
            >
              {words.rules.reset}
            </Button>
            {!whole && <span className="text-xs text-ink-3">{words.rules.incomplete}</span>}
            {!allowed && <span className="text-xs text-ink-3">{words.rules.cannotSave}</span>}
          </>
        )}
      </div>
    </Form>
  );
}
