import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { Redaction as RedactionView, RedactionRules } from '@/api/identity';
import { redactionPreviewQuery, redactionQuery, saveRedaction } from '@/api/settings';
import { Button } from '@/components/Button';
import { Card } from '@/components/Card';
import { Form, FormProblem, Submit } from '@/components/form/Form';
import { AreaField, INPUT } from '@/components/form/fields';
import { Icon } from '@/components/Icon';
import { Notice } from '@/components/Notice';
import { TableSkeleton } from '@/components/states';
import { asProblem } from '@/api/client';
import { QueryContent } from '@/components/QueryContent';
import { useDebounced } from '@/lib/debounced';
import { parseList } from '@/lib/list';
import { ProjectChoice, useProjectWith } from './ProjectChoice';
import { Tag } from '@/components/Tag';
import { settings } from '@/words';

const words = settings.redaction;

const SAMPLE = JSON.stringify(
  {
    type: 'execution',
    executionId: 'run-1',
    workflowId: 'orders',
    status: 'failed',
    errorMessage: 'Card 4111 1111 1111 1111 of ada@example.com was declined',
    metadata: { customerNumber: 'C-10293', password: 'hunter2' },
  },
  null,
  2,
);

/** The rules that remove parts of events before they are stored, next to a preview. */
export function Redaction(): ReactNode {
  const project = useProjectWith('manage_privacy');
  const query = useQuery(redactionQuery(project.id));
  return (
    <>
      <ProjectChoice permission="manage_privacy" />
      <QueryContent what={words.redaction} query={query} skeleton={<TableSkeleton rows={8} />}>
        {(data) => (
          // A new version resets the editor: what was typed belonged to the previous one.
          <Editor
            key={`${project.id} ${data.version}`}
            projectId={project.id}
            version={data.version}
            saved={{ keys: data.keys, values: data.values }}
            builtIn={data.builtIn}
          />
        )}
      </QueryContent>
    </>
  );
}

/** What the built-in rules recognise by its form. */
function kindsOf(of: RedactionView['builtIn']): string[] {
  const { secrets, emails, cards, accounts } = words.kinds;
  return [
    ...(of.secrets ? secrets : []),
    ...(of.emails ? emails : []),
    ...(of.cards ? cards : []),
    ...(of.accounts ? accounts : []),
  ];
}

/** What the server removes from the events of every project. */
function Always({ of }: { of: RedactionView['builtIn'] }): ReactNode {
  const list = (names: string[]): ReactNode => (
    <span className="flex flex-wrap gap-1 pt-1">
      {names.map((name) => (
        <Tag key={name}>{name}</Tag>
      ))}
    </span>
  );
  return (
    <details className="text-xs text-ink-3">
      <summary className="touch-target cursor-pointer rounded py-1 pointer-coarse:py-2.5">
        {words.whatAlwaysRemoved}
      </summary>
      <div className="flex flex-col gap-2 pt-1">
        <div>{words.fieldsWhoseNameContains(list(of.keysContaining))}</div>
        <div>{words.fieldsWhoseNameEnds(list(of.keysEnding))}</div>
        <div>{words.fieldsWhoseNameEnds2(list(of.keysHinting))}</div>
        <div>{words.exceptFieldsWhoseName(list(of.keysKept))}</div>
        <div>{words.anyText(list(kindsOf(of)))}</div>
        {of.values.length > 0 && (
          <div>
            {words.textMatches(
              <ol className="list-decimal pt-1 pl-5">
                {of.values.map((pattern) => (
                  <li key={pattern} className="font-mono text-2xs wrap-anywhere">
                    {pattern}
                  </li>
                ))}
              </ol>,
            )}
          </div>
        )}
      </div>
    </details>
  );
}

type Pattern = RedactionRules['values'][number] & { id: number };

function Editor(props: {
  projectId: string;
  version: number;
  saved: RedactionRules;
  builtIn: RedactionView['builtIn'];
}): ReactNode {
  const client = useQueryClient();
  const [keys, setKeys] = useState(() => props.saved.keys.join('\n'));
  const [patterns, setPatterns] = useState<Pattern[]>(() =>
    props.saved.values.map((value, id) => ({ ...value, id })),
  );
  const rules: RedactionRules = {
    keys: parseList(keys),
    values: patterns
      .filter((entry) => entry.pattern.trim())
      .map(({ name, pattern }) => ({ name: name.trim(), pattern })),
  };
  const changed = JSON.stringify(rules) !== JSON.stringify(props.saved);
  return (
    <div className="grid items-start gap-4 xl:grid-cols-2">
      <Card title={words.rules} note={words.version(props.version)} testId="redaction-rules">
        <Form
          label={words.redactionRules}
          className="px-4 pb-4"
          onSubmit={async () => {
            await saveRedaction(props.projectId, { version: props.version, ...rules });
            await client.invalidateQueries(redactionQuery(props.projectId));
          }}
        >
          <p className="text-xs text-ink-3">{words.newRulesApplyFuture}</p>
          <Always of={props.builtIn} />
          <AreaField
            name="keys"
            label={words.fieldsRedact}
            hint={words.oneFieldNamePer}
            rows={5}
            value={keys}
            onChange={setKeys}
          />
          <Patterns patterns={patterns} onChange={setPatterns} />
          <FormProblem />
          <div className="flex items-center gap-3">
            <Submit disabled={!changed}>{words.saveRules}</Submit>
            {!changed && <span className="text-xs text-ink-3">{words.theseRulesActive}</span>}
          </div>
        </Form>
      </Card>
      <Preview projectId={props.projectId} rules={rules} />
    </div>
  );
}

function Patterns(props: {
  patterns: Pattern[];
  onChange: (patterns: Pattern[]) => void;
}): ReactNode {
  const { patterns, onChange } = props;
  const set = (id: number, patch: Partial<Pattern>): void =>
    onChange(patterns.map((entry) => (entry.id === id ? { ...entry, ...patch } : entry)));
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-xs font-medium text-ink-2">{words.patternsRedactAnyText}</legend>
      {patterns.map((entry) => (
        <div key={entry.id} className="flex gap-2">
          <input
            aria-label={words.patternName}
            placeholder={words.customerNumber}
            value={entry.name}
            maxLength={100}
            required
            onChange={(event) => set(entry.id, { name: event.target.value })}
            className={`${INPUT} flex-1`}
          />
          <input
            aria-label={words.regularExpression}
            placeholder="C-\d+"
            value={entry.pattern}
            maxLength={1000}
            required
            spellCheck={false}
            onChange={(event) => set(entry.id, { pattern: event.target.value })}
            className={`${INPUT} flex-1 font-mono text-xs`}
          />
          <Button
            kind="quiet"
            className="h-9"
            aria-label={words.removePattern(entry.name)}
            onClick={() => onChange(patterns.filter((other) => other.id !== entry.id))}
          >
            <Icon name="cross" size={14} />
          </Button>
        </div>
      ))}
      <Button
        className="self-start"
        onClick={() =>
          onChange([
            ...patterns,
            { id: 1 + Math.max(0, ...patterns.map((entry) => entry.id)), name: '', pattern: '' },
          ])
        }
      >
        <Icon name="plus" size={14} /> {words.addPattern}
      </Button>
    </fieldset>
  );
}

function parse(text: string): { event: unknown } | null {
  try {
    return { event: JSON.parse(text) as unknown };
  } catch {
    return null;
  }
}

function Preview({ projectId, rules }: { projectId: string; rules: RedactionRules }): ReactNode {
  const [text, setText] = useState(SAMPLE);
  // Compared as text, so that equal rules share one query.
  const input = useDebounced(JSON.stringify({ rules, text }), 500);
  const settled = JSON.parse(input) as { rules: RedactionRules; text: string };
  const parsed = parse(settled.text);
  const query = useQuery({
    ...redactionPreviewQuery(projectId, settled.rules, parsed?.event),
    enabled: parsed !== null,
  });
  return (
    <Card title={words.preview} note={words.nothingStored} testId="redaction-preview">
      <div className="flex flex-col gap-4 px-4 pb-4">
        <AreaField name="event" label={words.eventSent} rows={12} value={text} onChange={setText} />
        <div className="flex flex-col gap-1">
          <p className="text-xs font-medium text-ink-2">{words.eventStored}</p>
          {!parsed ? (
            <Notice tone="plain">{words.notValidJson}</Notice>
          ) : query.isError ? (
            <Notice tone="bad">
              {asProblem(query.error).detail ?? asProblem(query.error).title}
            </Notice>
          ) : (
            <>
              <pre
                aria-busy={query.isFetching}
                data-testid="redacted"
                className="min-h-40 rounded-md border bg-sunken px-3 py-2 font-mono text-xs leading-5 wrap-anywhere whitespace-pre-wrap"
              >
                {query.data && JSON.stringify(query.data.event, null, 2)}
              </pre>
              <ul className="flex flex-col gap-1 pt-1">
                {query.data?.hits.map((hit) => (
                  <li key={`${hit.path} ${hit.rule}`} className="flex items-center gap-2">
                    <span className="font-mono text-xs">{hit.path}</span> <Tag>{hit.rule}</Tag>
                  </li>
                ))}
                {query.data?.hits.length === 0 && (
                  <li className="text-ink-3">{words.nothingEventRedacted}</li>
                )}
              </ul>
            </>
          )}
        </div>
      </div>
    </Card>
  );
}
