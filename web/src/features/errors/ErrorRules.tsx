import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import {
  errorRulesQuery,
  saveRules,
  tryRules,
  type ErrorRule,
  type ErrorRules as Rules,
  type ErrorRulesPreview,
} from '@/api/errors';
import { asProblem, problemMessage } from '@/api/client';
import { Button } from '@/components/Button';
import { Card } from '@/components/Card';
import { Form, FormProblem, Submit } from '@/components/form/Form';
import { TextField } from '@/components/form/fields';
import { Icon } from '@/components/Icon';
import { Notice } from '@/components/Notice';
import { QueryContent } from '@/components/QueryContent';
import { EmptyNote, TableSkeleton } from '@/components/states';
import { Breadcrumb } from '../Breadcrumb';
import { usePermission } from '../session';
import { useView } from '../view';
import { useRefreshErrors } from './refreshErrors';
import { RuleFields } from './RuleFields';
import { RulesPreview } from './RulesPreview';
import { Versions } from './Versions';
import { errors, frame } from '@/words';

const words = errors.errorRules;

/** The rules that assign a project's errors to groups and classes. */
export function ErrorRules(): ReactNode {
  const { project } = useView();
  const [version, setVersion] = useState<number | undefined>(undefined);
  const newest = useQuery(errorRulesQuery(project.id));
  const shown = useQuery({
    ...errorRulesQuery(project.id, version),
    enabled: version !== undefined,
  });
  const query = version === undefined ? newest : shown;
  return (
    <div className="flex flex-col gap-3">
      <title>{frame.pageTitle(words.errorRules)}</title>
      <div>
        <Breadcrumb to="/errors" label={words.errors} />
        <h1 className="text-lg leading-7 font-semibold">{words.rules}</h1>
        <p className="max-w-prose text-ink-2">{words.errorsGroupedAutomaticallyAdd}</p>
      </div>
      <QueryContent what={words.rules2} query={query} skeleton={<TableSkeleton rows={6} />}>
        {(data) => (
          <div className="grid grid-cols-12 items-start gap-3">
            <Editor
              key={`${project.id} ${data.version}`}
              projectId={project.id}
              // Rules are saved on top of the newest version, whichever version the editor shows.
              newest={newest.data?.version ?? data.version}
              saved={data}
            />
            <Versions
              rules={newest.data ?? data}
              shown={data.version}
              onShow={(wanted) => setVersion(wanted === newest.data?.version ? undefined : wanted)}
            />
          </div>
        )}
      </QueryContent>
    </div>
  );
}

interface Draft {
  id: number;
  rule: ErrorRule;
}

function Editor(props: { projectId: string; newest: number; saved: Rules }): ReactNode {
  const { projectId, saved } = props;
  const allowed = usePermission(useView().project, 'manage_settings');
  const refreshErrors = useRefreshErrors(projectId);
  const [drafts, setDrafts] = useState<Draft[]>(() =>
    saved.rules.map((rule, id) => ({ id, rule })),
  );
  const [preview, setPreview] = useState<ErrorRulesPreview | null>(null);
  const [trying, setTrying] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const rules = drafts.map((draft) => draft.rule).filter((rule) => rule.pattern.trim() !== '');
  const changed =
    JSON.stringify(rules) !== JSON.stringify(saved.rules) || saved.version !== props.newest;
  const change = (next: Draft[]): void => {
    setDrafts(next);
    setPreview(null);
  };
  const dryRun = async (): Promise<void> => {
    setTrying(true);
    setRefused(null);
    try {
      setPreview(await tryRules(projectId, rules));
    } catch (error) {
      setRefused(problemMessage(asProblem(error)));
    } finally {
      setTrying(false);
    }
  };
  return (
    <Card
      title={saved.version === 0 ? words.noRulesYet : words.version(saved.version)}
      note={noteOf(saved.version, props.newest)}
      testId="error-rules"
      className="col-span-full xl:col-span-8"
    >
      <Form
        label={words.errorRules}
        className="px-4 pb-4"
        onSubmit={async (values) => {
          await saveRules(projectId, props.newest, rules, values.optional('note'));
          await refreshErrors();
        }}
      >
        {drafts.length === 0 && <EmptyNote>{words.withoutRulesErrorsGrouped}</EmptyNote>}
        <ol className="flex flex-col gap-3">
          {drafts.map((draft, index) => (
            <li key={draft.id} className="rounded-md border p-3">
              <RuleFields
                number={index + 1}
                rule={draft.rule}
                disabled={!allowed}
                onChange={(rule) =>
                  change(
                    drafts.map((other) => (other.id === draft.id ? { ...other, rule } : other)),
                  )
                }
                onUp={index > 0 ? () => change(movedUp(drafts, index)) : undefined}
                onRemove={() => change(drafts.filter((other) => other.id !== draft.id))}
              />
            </li>
          ))}
        </ol>
        {allowed ? (
          <>
            <Button
              className="self-start"
              onClick={() =>
                change([
                  ...drafts,
                  {
                    id: 1 + Math.max(-1, ...drafts.map((draft) => draft.id)),
                    rule: { pattern: '' },
                  },
                ])
              }
            >
              <Icon name="plus" size={14} /> {words.addRule}
            </Button>
            {(drafts.length > 0 || changed) && (
              <>
                <TextField
                  name="note"
                  label={words.reasonChangeOptional}
                  required={false}
                  maxLength={500}
                  autoComplete="off"
                />
                <FormProblem />
                {refused && <Notice tone="bad">{refused}</Notice>}
                {preview && <RulesPreview preview={preview} />}
                <div className="flex flex-wrap items-center gap-2">
                  <Button disabled={trying} onClick={() => void dryRun()}>
                    {words.dryRun}
                  </Button>
                  <Submit disabled={!changed}>{words.apply}</Submit>
                  <span className="text-xs text-ink-3">{words.dryRunShowsWhat}</span>
                </div>
              </>
            )}
          </>
        ) : (
          <p className="text-xs text-ink-3">{words.roleDoesNotAllow}</p>
        )}
      </Form>
    </Card>
  );
}

/** Whether a version of the rules is in use; there is nothing to say before the first. */
function noteOf(version: number, newest: number): string | undefined {
  if (version === 0) return undefined;
  return version === newest ? words.current : words.earlierVersion;
}

function movedUp(drafts: Draft[], index: number): Draft[] {
  const next = [...drafts];
  const [moved] = next.splice(index, 1);
  if (moved) next.splice(index - 1, 0, moved);
  return next;
}
